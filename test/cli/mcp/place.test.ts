import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isExposed, placeOf } from "../../../cli/mcp/place.ts";
import { mcp, serving } from "./serving.ts";

const { answer } = serving();

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcp-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** The headers that a server gets. */
async function headersOf(flags: string[], env: Record<string, string> = {}): Promise<IncomingHttpHeaders> {
  let headers: IncomingHttpHeaders = {};
  const url = await answer((request, response) => {
    headers = request.headers;
    response.writeHead(500).end();
  });
  await mcp([url, ...flags], env);
  return headers;
}

describe("the token", () => {
  test("comes from the environment, or from a file, which is asked first", async () => {
    const file = join(dir, "token");
    await writeFile(file, "from.file-1==\n");
    const env = { MCP_TOKEN: " from.env " };
    expect((await headersOf([], env)).authorization).toBe("Bearer from.env");
    expect((await headersOf(["--token-file", file], env)).authorization).toBe("Bearer from.file-1==");
    expect((await headersOf([])).authorization).toBeUndefined();
  });

  test.each(["", "Bearer abc", "a b", "a\nb", "ü"])("%j is none, and isn't shown", async (token) => {
    const file = join(dir, "token");
    await writeFile(file, token);
    for (const [flags, env] of [
      [["--token-file", file], {}],
      [[], { MCP_TOKEN: token }],
    ] as const) {
      const { code, stderr } = await mcp(["http://127.0.0.1:9/mcp", ...flags], env);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/(is empty|is no bearer token: .*)$/m)]);
      if (token !== "") expect(stderr).not.toContain(token);
    }
  });

  test("is missed in its file", async () => {
    const { code, stderr } = await mcp(["http://localhost/mcp", "--token-file", join(dir, "none")]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--token-file can't be read: ENOENT")]);
  });

  test("crosses no network in the clear without a warning", () => {
    const exposed = (url: string, env = { MCP_TOKEN: "t" } as Record<string, string>) => {
      const place = placeOf({ url, command: [], headers: [] }, env);
      return place.transport !== "stdio" && isExposed(place);
    };
    expect(["http://mcp.example/mcp", "http://10.0.0.1/mcp"].map((url) => exposed(url))).toEqual([
      true,
      true,
    ]);
    expect(
      [
        "https://mcp.example/mcp",
        "http://localhost:1/mcp",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://a.b.svc/",
      ].map((url) => exposed(url)),
    ).toEqual([false, false, false, false, false]);
    expect(exposed("http://mcp.example/mcp", {})).toBe(false);
  });
});

describe("headers", () => {
  test("go with every request", async () => {
    expect(await headersOf(["--header", "x-a=1", "--header", "x-b=c=d"])).toMatchObject({
      "x-a": "1",
      "x-b": "c=d",
    });
  });

  test.each([
    ["x y=1", "--header must be name=value"],
    ["x-a", "--header must be name=value"],
    ["x-a=b\r\nx-c: d", "--header must be name=value"],
    [
      "Authorization=Bearer secret",
      "--header can't be Authorization: a token goes by MCP_TOKEN or --token-file",
    ],
    ["Cookie=secret", "--header can't be Cookie"],
  ])("%j isn't taken, and its value isn't shown", async (header, message) => {
    const { code, stderr } = await mcp(["http://localhost/mcp", "--header", header]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain("secret");
  });
});

test.each([
  ["localhost:3000/mcp", "the first argument must be the URL"],
  ["file:///mcp", "the first argument must be the URL"],
  ["http://user:secret@localhost/mcp", "the URL must have no user and password"],
])("%s is no address of a server", async (url, message) => {
  const { code, stderr } = await mcp([url]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stderr).not.toContain("secret");
});

test.each([
  [["http://localhost/mcp", "say", "--prompts"], "can't be used with a tool"],
  [["http://localhost/mcp", "--timeout", "0"], "It must be a number above 0"],
  [["http://localhost/mcp", "--transport", "ftp"], "Allowed choices are http, sse, stdio"],
  [[], "the first argument must be the URL"],
])("%j is wrong usage", async (args, message) => {
  const { code, stderr } = await mcp(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("a file without certificates is none for --ca", async () => {
  const file = join(dir, "ca.pem");
  for (const text of ["", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"]) {
    await writeFile(file, text);
    const { code, stderr } = await mcp(["https://localhost/mcp", "--ca", file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("has no certificates in PEM form")]);
  }
});
