import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { runHere, start } from "../running.ts";
import { Comparing } from "./comparing.ts";
import { answer, sendJson } from "./server.ts";

const comparing = new Comparing();

describe("mcpaas tune-compare as a process", () => {
  it("leaves nothing when it is interrupted", async () => {
    let arrived = () => {};
    const asked = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const hanging = await comparing.serve(["phi"], (one, response) => {
      answer(one, response, ["half"], { finish: null, done: false });
      arrived();
    });
    const args = ["--base", hanging.url, "--tuned", hanging.url, "--prompts", "-", "--out", comparing.dir];
    const { child, ended } = start(["tune-compare", ...args], { NO_PROXY: "127.0.0.1" });
    child.stdin?.end("x\n");
    await asked;
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stderr: "error: interrupted; nothing was written\n" });
    expect(await readdir(comparing.dir)).toEqual([]);
  }, 30_000);

  it("adds /v1 to a URL without a path, and takes another path as it is", async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? "");
      sendJson(response, 200, { data: [] });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeFile(comparing.prompts, "x\n");
    for (const url of [origin, `${origin}/`, `${origin}/v1/`, `${origin}/openai/v2`]) {
      const args = ["--base", url, "--tuned", url, "--prompts", comparing.prompts, "--out", comparing.dir];
      await runHere(["tune-compare", ...args], { NO_PROXY: "127.0.0.1" });
    }
    server.close();
    expect(paths).toEqual(["/v1/models", "/v1/models", "/v1/models", "/openai/v2/models"]);
  });
});
