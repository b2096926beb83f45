import { expect, test } from "vitest";
import { startChatWorld } from "../../support/chatWorld.ts";
import { runHere } from "../running.ts";
import { samplesOf } from "../samples.ts";
import { ask } from "./asking.ts";

const { text, samples, blocks } = await samplesOf("chat-ask.md", "chat:ask");

/** Durations differ each time. */
const timeless = (words: string) => words.replace(/[\d.]+ s\b/g, "N s");

test("docs/chat-ask.md shows what the commands really print", async () => {
  const { url } = await startChatWorld();
  expect(samples).toHaveLength(2);
  for (const { args, output } of samples) {
    const { stdout, stderr } = await ask(url, args);
    expect(timeless(stdout + stderr)).toBe(timeless(output));
  }
});

test("docs/chat-ask.md shows what a broken link looks like", async () => {
  const { url, stop } = await startChatWorld();
  await stop.model();
  const { stderr } = await ask(url, ["x"]);
  expect(blocks("text")).toContain(stderr);
});

test("docs/chat-ask.md has every option and exit code of --help, and no other", async () => {
  const { stdout } = await runHere(["chat-ask", "--help"]);
  const options = (words: string) =>
    [...words.matchAll(/(?<=^|[\s`])--[a-z][a-z-]+/gm)].map(([each]) => each);
  const helped = options(stdout.slice(stdout.indexOf("Options:"), stdout.indexOf("-h, --help")));
  const table = text.slice(text.indexOf("## Options"), text.indexOf("A certificate of"));
  expect([...new Set(options(table))].sort()).toEqual([...new Set(helped)].sort());
  const codes = (words: string) => [...words.matchAll(/^[ |]{2,4}(\d+) /gm)].map(([, code]) => code);
  const exits = stdout.slice(stdout.indexOf("Exit codes:"));
  expect(codes(text)).toEqual(codes(exits));
});
