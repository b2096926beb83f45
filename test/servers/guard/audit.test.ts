import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AuditEntry,
  argumentDigest,
  createAudit,
  outcomes,
  shortSession,
} from "../../../servers/guard/audit.ts";

const entry: AuditEntry = {
  caller: "alice",
  roles: ["reader"],
  session: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  tool: "search",
  argumentDigest: argumentDigest({ query: "x" }),
  outcome: "ok",
  latencyMs: 12.3456,
};

function written(
  changes: Partial<AuditEntry> = {},
  options = {},
): { text: string; line: Record<string, unknown> } {
  const lines: string[] = [];
  const now = () => new Date("2026-11-23T12:00:00Z");
  createAudit((line) => void lines.push(line), { now, ...options })({ ...entry, ...changes });
  expect(lines).toHaveLength(1);
  const [text = ""] = lines;
  expect(text).toMatch(/^[^\n]+\n$/);
  return { text, line: JSON.parse(text) };
}

describe("a line of the audit", () => {
  it("tells who called what, and how it ended", () => {
    expect(written().line).toEqual({
      audit: true,
      time: "2026-11-23T12:00:00.000Z",
      caller: "alice",
      roles: ["reader"],
      session: "3f2504e0",
      tool: "search",
      argumentDigest: entry.argumentDigest,
      outcome: "ok",
      latencyMs: 12.3,
    });
  });

  it("tells of a search what was sought where, and how much was found", () => {
    const search = {
      query: "aks gpu",
      engines: ["bing"],
      resultCount: 0,
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    };
    expect(written(search).line).toMatchObject(search);
    expect(written({}, { server: "search" }).line).toMatchObject({ server: "search" });
  });

  it.each(outcomes)("knows the outcome %s", (outcome) => {
    expect(written({ outcome }).line["outcome"]).toBe(outcome);
  });

  it("never holds a whole session id, however short it is", () => {
    expect(written({ session: "abcdef" }).line["session"]).toBe("abc");
    expect(shortSession("a")).toBe("");
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        expect(shortSession(id).length).toBeLessThanOrEqual(Math.min(8, id.length / 2));
      }),
    );
  });

  it("cuts a long query, after what looks like a secret was taken out", () => {
    const long = written({ query: "word ".repeat(100) }).line["query"] as string;
    expect(long).toHaveLength(200);
    expect(long.endsWith("…")).toBe(true);
    // Of which too little would be left to be known as a secret.
    const { text } = written({ query: `${"x ".repeat(93)}${"c0ffee".repeat(8)}` });
    expect(text).not.toContain("c0ffee");
  });

  it("doesn't cut through a character", () => {
    const query = written({ query: `${"x".repeat(198)}😀😀` }).line["query"];
    expect(query).toBe(`${"x".repeat(198)}…`);
  });

  it("is one line of limited length, whatever names callers think up", () => {
    const nasty = fc.string({ unit: "binary", maxLength: 3000 });
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (caller, tool, query, session) => {
        const { line } = written({ caller, tool, query, session, roles: [caller], engines: [tool] });
        for (const name of ["caller", "tool"]) expect((line[name] as string).length).toBeLessThanOrEqual(128);
      }),
    );
  });
});

describe("the digest of arguments", () => {
  it("is the beginning of the SHA-256 of JSON with sorted keys", () => {
    // printf '{"a":[1,{"c":null,"d":"x"}],"b":2}' | sha256sum | cut -c1-32
    const expected = "447ad8b2e4e727f5366dbf09eef53ac1";
    expect(argumentDigest({ b: 2, a: [1, { d: "x", c: null }] })).toBe(expected);
    expect(argumentDigest({ a: [1, { c: null, d: "x" }], b: 2 })).toBe(expected);
  });

  it("is the same for whatever is the same in JSON, and for no arguments as for empty ones", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const reversed = Object.fromEntries(Object.entries(args).reverse());
        expect(argumentDigest(reversed)).toBe(argumentDigest(args));
        expect(argumentDigest(args)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
    expect(argumentDigest(undefined)).toBe(argumentDigest({}));
  });

  it("tells apart what differs, even in a key called __proto__ and in the order of a list", () => {
    const digests = [
      "{}",
      '{"__proto__":1}',
      '{"__proto__":2}',
      '{"a":[1,2]}',
      '{"a":[2,1]}',
      '{"a":"1"}',
      '{"a":1}',
    ].map((text) => argumentDigest(JSON.parse(text)));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("is there even for arguments too deep to write down", () => {
    const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
    expect(argumentDigest(deep)).toMatch(/^[0-9a-f]{32}$/);
  });
});
