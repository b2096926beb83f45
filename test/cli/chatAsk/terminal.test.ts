import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { screenOn } from "../../../cli/chatAsk/screen.ts";
import { progressOn } from "../../../cli/progress.ts";
import { QUESTION, startChatWorld } from "../../support/chatWorld.ts";
import { ask } from "./asking.ts";

/** A terminal that the progress and the answer share. */
function terminal() {
  let written = "";
  const stream = {
    isTTY: true,
    columns: 80,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  let now = 0;
  // Each progress is late enough to be shown.
  const bar = progressOn(stream as unknown as typeof process.stderr, {}, () => {
    now += 1000;
    return now;
  });
  return { screen: screenOn(stream, bar), lines: () => linesOf(written) };
}

/** The lines that a terminal has after this was written to it. */
function linesOf(written: string): string[] {
  const lines = [""];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what steers a terminal
  for (const part of written.split(/(\n|\r\u001b\[2K)/)) {
    if (part === "\n") lines.push("");
    else lines[lines.length - 1] = part.startsWith("\r") ? "" : lines.at(-1) + part;
  }
  return lines;
}

test("what a model says before it calls a tool stays on the terminal", () => {
  const { screen, lines } = terminal();
  screen.doing("asking phi");
  screen.text("Let me ");
  screen.text("look. ");
  screen.doing("calling search");
  screen.doing("reading the result");
  screen.text("Done;\n");
  screen.doing("calling search");
  screen.text("see above.");
  expect(screen.end()).toBe(true);
  expect(lines()).toEqual(["Let me look. ", "Done;", "see above.", ""]);
});

test("progress alone leaves nothing behind", () => {
  const { screen, lines } = terminal();
  screen.doing("asking phi");
  expect(screen.end()).toBe(false);
  expect(lines()).toEqual([""]);
});

/** A model that speaks before it calls the search. */
async function talkative(): Promise<string> {
  const server = createServer(async (request, response) => {
    const { messages = [] } =
      request.method === "POST"
        ? ((await new Response(request as never).json()) as { messages?: object[] })
        : {};
    const call = {
      index: 0,
      id: "1",
      function: { name: "open-websearch_search", arguments: '{"query":"aks"}' },
    };
    const deltas = messages.some((message) => (message as { role?: string }).role === "tool")
      ? [{ content: "It is all there." }]
      : [{ content: "Let me look." }, { tool_calls: [call] }];
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const delta of deltas) response.write(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
    response.end("data: [DONE]\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("so it does when all of it runs on one", async () => {
  const { url } = await startChatWorld({ env: { OPENAI_API_BASE_URLS: await talkative() } });
  const before = [process.stdout.isTTY, process.stderr.isTTY];
  onTestFinished(() => {
    [process.stdout.isTTY, process.stderr.isTTY] = before as [boolean, boolean];
  });
  process.stdout.isTTY = true;
  process.stderr.isTTY = true;
  const { code, stdout } = await ask(url, [QUESTION]);
  expect(code).toBe(0);
  expect(stdout.startsWith("Let me look.\nIt is all there.\n\n")).toBe(true);
});
