import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "../mcp-http/helpers.ts";
import { layOut, read } from "../mcp-http/image.ts";
import { listening } from "../mcp-http/program.ts";

it("the echo image runs the Node that the tests run, as a user with a number and no rights", () => {
  const dockerfile = read("servers/echo/Dockerfile");
  const { devDependencies } = JSON.parse(read("package.json"));
  expect(dockerfile).toContain(`node:${devDependencies.node}-`);
  expect(dockerfile).toMatch(/^USER 10001:10001$/m);
});

it("the echo image has all that its program needs", async () => {
  const app = await layOut("echo");
  onTestFinished(() => rm(app, { recursive: true }));
  const { url } = await listening(join(app, "echo/main.ts"));
  const answer = await (await connect(url)).callTool({ name: "echo", arguments: { message: "hi" } });
  expect(answer.content).toEqual([{ type: "text", text: "Echo: hi" }]);
});
