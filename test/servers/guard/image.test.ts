import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { layOut, read } from "../mcp-http/image.ts";
import { startFixture } from "./fixture.ts";
import { closing, connect } from "./helpers.ts";
import { runGuard } from "./program.ts";

it("the guard's image runs the Node that the tests run, as a user with a number and no rights", () => {
  const dockerfile = read("servers/guard/Dockerfile");
  const { devDependencies } = JSON.parse(read("package.json"));
  expect(dockerfile).toContain(`node:${devDependencies.node}-`);
  expect(dockerfile).toMatch(/^USER 10001:10001$/m);
});

it("the guard's image has all that its program needs", async () => {
  const app = await layOut("guard");
  onTestFinished(() => rm(app, { recursive: true }));
  const fixture = closing(await startFixture());
  const { url } = await (
    await runGuard({ upstream: { url: fixture.url.href } }, { main: join(app, "guard/main.ts") })
  ).listening();
  const answer = await (await connect(url)).callTool({ name: "echo", arguments: { message: "hi" } });
  expect(answer.content).toEqual([{ type: "text", text: "Echo: hi" }]);
});
