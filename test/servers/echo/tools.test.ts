import { expect, it } from "vitest";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import { connect, start } from "../mcp-http/helpers.ts";

it("echo says back what it is told, and that this changes nothing", async () => {
  const client = await connect((await start({ createMcpServer })).url);
  expect(client.getServerVersion()?.name).toBe("echo");
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([{ name: "echo", annotations: { readOnlyHint: true } }]);
  const answer = await client.callTool({ name: "echo", arguments: { message: "größe 🙂" } });
  expect(answer.content).toEqual([{ type: "text", text: "Echo: größe 🙂" }]);
});
