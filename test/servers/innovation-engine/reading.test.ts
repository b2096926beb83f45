import { describe, expect, it } from "vitest";
import { call, document, fakeIe, patience, served } from "./helpers.ts";

const readers = [
  "document_to_bash",
  "inspect_document",
  "list_catalogue",
  "list_reports",
  "read_experiment",
  "read_report",
  "search_catalogue",
];

describe("by default", { timeout: patience }, () => {
  const server = served((later) => ({ IE_PATH: fakeIe({ later }) }));

  it("there is nothing that executes", async () => {
    const { tools } = await server.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(readers);
    for (const { annotations, inputSchema, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: false });
      expect([inputSchema.type, outputSchema?.type]).toEqual(["object", "object"]);
    }
    for (const name of ["execute_document", "test_document"]) {
      const { isError, text } = await call(server, name, { content: document("touch /tmp/executed") });
      expect([isError, text]).toEqual([true, expect.stringContaining(`Tool ${name} not found`)]);
    }
    expect(server.client.getInstructions()).toContain("read-only");
  });

  it("a document is inspected as it would run, with its prerequisites", async () => {
    const { data } = await call(server, "inspect_document", { name: "resolve-host", variables: { X: "1" } });
    expect(data).toMatchObject({
      name: "resolve-host",
      title: "Check that a URL's host has an address",
      metadata: { tags: ["network", "dns", "url"] },
      prerequisites: [{ link: "prerequisites/name-lookup.md", name: "prerequisites/name-lookup" }],
      problems: [],
    });
    expect(data.steps.map(({ name }: { name: string }) => name)).toEqual([
      "Exporting variables defined via the CLI and not in the markdown file.",
      "Look up localhost",
      "Take the host out of the URL",
      "Look it up",
    ]);
    expect(data.steps[0].blocks[0].content).toBe('export X="1"\n');
    expect(data.steps[3].blocks[0].expected).toMatchObject({
      language: "text",
      regex: "^([0-9a-f.:]+\\n)+$",
    });
  });

  it("an inspection says what would keep a document from running", async () => {
    const content = "# T\n\n## Prerequisites\n\n[a](missing.md), [b](say-hello.md), [c](resolve-host.md)\n";
    const { data, isError } = await call(server, "inspect_document", { content });
    expect(isError).toBe(false);
    expect(data.problems).toEqual([
      "the prerequisite missing.md is no document of the catalogue",
      "of several prerequisites, ie executes the last one first",
    ]);
  });

  it("the catalogue is listed in parts", async () => {
    const { data } = await call(server, "list_catalogue", { offset: 3, limit: 1 });
    expect(data).toMatchObject({ total: 4, problems: [] });
    expect(data.documents).toMatchObject([{ name: "say-hello", variables: ["GREETING", "NAME"], blocks: 2 }]);
  });

  it("the catalogue is searched", async () => {
    const { data } = await call(server, "search_catalogue", { query: "memory limits" });
    expect(data.documents[0]).toMatchObject({
      name: "check-limits",
      terms: expect.arrayContaining(["memory", "limits"]),
    });
  });

  it("a document becomes a script", async () => {
    const { data } = await call(server, "document_to_bash", { content: document("echo hi") });
    expect(data).toEqual({ title: "Test", script: "# Only step\necho hi\n\n" });
  });

  it.each([
    ["inspect_document", {}, "give either name, of a document in the catalogue, or content"],
    ["inspect_document", { name: "a", content: "b" }, "give either name"],
    [
      "inspect_document",
      { name: "../package" },
      'the catalogue has no document "../package"; see list_catalogue',
    ],
    ["inspect_document", { content: "x".repeat(131_073) }, "MAX_DOCUMENT_BYTES allows 131072"],
    ["document_to_bash", { content: "# Nothing\n" }, "the document has no block to execute"],
    ["document_to_bash", { name: "say-hello", variables: { NAME: "$(id)" } }, "NAME may only have letters"],
    ["read_experiment", { name: "none" }, 'the catalogue has no document "none"'],
    ["read_report", { id: "../x" }, 'there is no report "../x"; see list_reports'],
    ["search_catalogue", { query: "" }, "Input validation error"],
  ])("%s of %j is answered with what is wrong", async (name, args, message) => {
    const { isError, text } = await call(server, name, args);
    expect(isError).toBe(true);
    expect(text).toContain(message);
  });

  it("there are no reports", async () => {
    expect((await call(server, "list_reports")).data).toEqual({ reports: [], total: 0 });
    expect((await call(server, "read_experiment", { name: "say-hello" })).data).toMatchObject({
      metadata: { title: "Say hello" },
      runs: { passed: 0, failed: 0 },
      reports: [],
    });
  });
});

describe("with ALLOW_INLINE=false", { timeout: patience }, () => {
  const server = served((later) => ({
    IE_PATH: fakeIe({ later }),
    ALLOW_EXECUTE: "true",
    ALLOW_INLINE: "false",
  }));

  it("only the catalogue's documents are executed, and others still inspected", async () => {
    const content = document("echo hi");
    for (const tool of ["execute_document", "test_document"]) {
      const { isError, text } = await call(server, tool, { content });
      expect(isError).toBe(true);
      expect(text).toBe("only documents of the catalogue may be executed (ALLOW_INLINE is false); give name");
    }
    expect((await call(server, "execute_document", { name: "say-hello" })).data.outcome).toBe("passed");
    expect((await call(server, "inspect_document", { content })).data.title).toBe("Test");
  });

  it("what executes says that it is no reading, and may destroy", async () => {
    const { tools } = await server.client.listTools();
    expect(tools).toHaveLength(readers.length + 2);
    expect(tools.find(({ name }) => name === "execute_document")?.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    });
  });
});
