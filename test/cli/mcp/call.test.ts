import { describe, expect, test } from "vitest";
import { z } from "zod";
import { startFixture } from "../../conformance/fixture/server.ts";
import { mcp, serverWith, serving } from "./serving.ts";

const { serve } = serving();

const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

/** A tool that says back what it was given, and some that do other things. */
const tools = serverWith((server) => {
  server.registerTool(
    "say",
    {
      inputSchema: {
        message: z.string(),
        times: z.number().int().optional(),
        loud: z.boolean().optional(),
        tags: z.array(z.string()).optional(),
        sizes: z.array(z.number()).optional(),
        more: z.looseObject({}).optional(),
        any: z.unknown().optional(),
      },
    },
    (given) => text(JSON.stringify(given)),
  );
  server.registerTool("fail", {}, () => ({ ...text("no such file\nat all"), isError: true }));
  server.registerTool("count", { outputSchema: { count: z.number() } }, () => ({
    content: [],
    structuredContent: { count: 3 },
  }));
  server.registerTool("link", {}, () => ({
    content: [{ type: "resource_link", uri: "file:///a", name: "a", mimeType: "text/plain" }],
  }));
  server.registerTool("stuck", {}, () => new Promise(() => {}));
  server.registerTool("steps", {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken ?? "";
    for (const message of ["one", "two\u001b[1m"]) {
      const params = { progressToken, progress: message.length, total: 9, message };
      await sendNotification({ method: "notifications/progress", params });
    }
    return text("done");
  });
});

async function said(args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await mcp([await serve(tools), "say", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("arguments", () => {
  test("are JSON", async () => {
    expect(await said(['{"message": "a b", "times": 2}'])).toEqual({ message: "a b", times: 2 });
  });

  test("or pairs, which get the types of the tool's schema", async () => {
    const pairs = ["message=1", "times=2", "loud=true", "tags=a", "tags=b", "sizes=[1,2]", 'more={"a":1}'];
    expect(await said(pairs.flatMap((each) => ["--arg", each]))).toEqual({
      message: "1",
      times: 2,
      loud: true,
      tags: ["a", "b"],
      sizes: [1, 2],
      more: { a: 1 },
    });
    expect(await said(["--arg", "message=a=b", "--arg", "any=3"])).toEqual({ message: "a=b", any: 3 });
    expect(await said(["--arg", "message=", "--arg", "any=x"])).toEqual({ message: "", any: "x" });
  });

  test.each([
    [["--arg", "message=a", "--arg", "times=two"], '--arg times must be integer, not "two"'],
    [["--arg", "message=a", "--arg", "message=b"], "--arg message was given twice"],
    [["--arg", "message"], '--arg must be name=value, not "message"'],
    [["{}", "--arg", "message=a"], "the arguments must be JSON or --arg, not both"],
    [["[1]"], 'the arguments must be a JSON object such as {"message": "hello"}, not [1]'],
    [
      ['{"times": "x"}'],
      "the arguments don't fit say: must have required property 'message', times must be integer; it takes " +
        "message: string, [times: integer], [loud: boolean], [tags: array], [sizes: array], [more: object], [any]",
    ],
    [
      ['{"message": hi}'],
      "the arguments are not JSON: Unexpected token 'h' at line 1, column 13\n" +
        `  {"message": hi}\n  ${" ".repeat(12)}^`,
    ],
  ])("%j are wrong", async (args, message) => {
    expect(await mcp([await serve(tools), "say", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${message}\n`,
    });
  });

  test("mustn't be in pieces", async () => {
    const { code, stderr } = await mcp([await serve(tools), "say", '{"message":', '"a"}']);
    expect([code, stderr]).toEqual([2, expect.stringContaining("is too much; quote JSON that has blanks")]);
  });
});

test("a tool that isn't there", async () => {
  const { code, stderr } = await mcp([await serve(tools), "sya"]);
  expect([code, stderr]).toEqual([2, "error: there is no tool sya; did you mean say or fail or link?\n"]);
});

describe("what a tool answers", () => {
  test("an error, with what it says", async () => {
    const url = await serve(tools);
    expect(await mcp([url, "fail"])).toEqual({
      code: 1,
      stdout: "no such file\nat all\n",
      stderr: "error: fail reports an error\n",
    });
    const { code, stdout } = await mcp([url, "fail", "--json"]);
    expect([code, JSON.parse(stdout).isError]).toEqual([1, true]);
  });

  test("content that isn't text is described", async () => {
    const fixture = await startFixture();
    try {
      const { stdout } = await mcp([fixture.url.href, "test_multiple_content_types"]);
      expect(stdout).toBe(
        "Multiple content types test:\n[image image/png, 70 bytes]\n" +
          '[resource test://mixed-content-resource application/json]\n{"test":"data","value":123}\n',
      );
      const logged = await mcp([fixture.url.href, "test_tool_with_logging"]);
      expect(logged.stderr).toBe(
        "info: Tool execution started\ninfo: Tool processing data\ninfo: Tool execution completed\n",
      );
      const progressed = await mcp([fixture.url.href, "test_tool_with_progress"]);
      expect(progressed.stderr).toBe("progress 0 of 100\nprogress 50 of 100\nprogress 100 of 100\n");
      const asks = await mcp([fixture.url.href, "test_elicitation", "--arg", "message=?"]);
      expect([asks.code, asks.stdout]).toEqual([
        1,
        expect.stringContaining("does not support form elicitation"),
      ]);
    } finally {
      await fixture.close();
    }
    expect((await mcp([await serve(tools), "link"])).stdout).toBe("[link file:///a text/plain: a]\n");
  });

  test("structured content", async () => {
    const url = await serve(tools);
    expect((await mcp([url, "count"])).stdout).toBe('{\n  "count": 3\n}\n');
    expect(JSON.parse((await mcp([url, "count", "--json"])).stdout).structuredContent).toEqual({ count: 3 });
  });

  test("progress goes to stderr", async () => {
    expect(await mcp([await serve(tools), "steps"])).toEqual({
      code: 0,
      stdout: "done\n",
      stderr: "progress 3 of 9: one\nprogress 7 of 9: two\\u001b[1m\n",
    });
  });

  test("nothing in time", async () => {
    const url = await serve(tools);
    expect(await mcp([url, "stuck", "--timeout", "0.2"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: ${url} gave no answer within 0.2 s; --timeout <seconds> waits longer\n`,
    });
  });
});
