import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call, document, engines, folder, patience, served } from "./helpers.ts";

describe.each(engines)("documents run by $ie", ({ skip, path }) => {
  describe.skipIf(skip)("with leave to execute", { timeout: patience }, () => {
    const server = served((later) => ({
      IE_PATH: path(later),
      ALLOW_EXECUTE: "true",
      MAX_RUNS: "2",
      MAX_OUTPUT_LINES: "40",
      RUN_PATH: "/usr/bin:/bin",
      SECRET: "sesame",
      PASSED: "on purpose",
      PASS_ENVIRONMENT: "PASSED",
    }));

    it("execute a document of the catalogue, and tell of each block that has ended", async () => {
      const { data, isError, progress } = await call(server, "execute_document", { name: "say-hello" });
      expect(isError).toBe(false);
      expect(data).toMatchObject({
        outcome: "passed",
        blocksPassed: 2,
        blocksTotal: 2,
        exitCode: 0,
        error: "",
      });
      expect(data.output).toContain("Hello, world!");
      expect(progress.map(({ message }) => message)).toEqual([
        "started",
        "step 1 (Make the greeting): block passed",
        "step 2 (Say it): block passed",
      ]);
      expect(progress.map((one) => [one.progress, one.total])).toEqual([
        [0.5, 2],
        [1, 2],
        [2, 2],
      ]);
    });

    it("take the values that the caller gives variables", async () => {
      const args = { name: "say-hello", variables: { NAME: "you" } };
      const { data } = await call(server, "execute_document", args);
      expect(data.output).toContain("Hello, you!");
      expect(data.variables).toEqual(["NAME"]);
      const over = { content: document("export X=5\necho x is $X."), variables: { X: "7" } };
      expect((await call(server, "execute_document", over)).data.output).toContain("x is 7.");
    });

    it("stop at the first block that fails, with its reason", async () => {
      const content = `${document("echo out; echo bad >&2; exit 3")}\n## Next\n\n\`\`\`bash\necho never\n\`\`\`\n`;
      for (const tool of ["execute_document", "test_document"]) {
        const { data, isError } = await call(server, tool, { content });
        expect(isError).toBe(true);
        expect(data).toMatchObject({ outcome: "failed", blocksPassed: 0, blocksTotal: 2, exitCode: 1 });
        expect(data.error).toContain("exit status 3");
        expect(data.error).toContain("bad");
        expect(data.blocks.map(({ status }: { status: string }) => status)).toEqual(["failed", "not-run"]);
        expect(data.output).not.toContain("never");
      }
    });

    it("test documents by comparing outputs, and report both streams of each block", async () => {
      const passed = await call(server, "test_document", { name: "say-hello" });
      expect(passed.data).toMatchObject({ outcome: "passed", blocksPassed: 2, output: "" });
      expect(passed.data.blocks[1]).toMatchObject({ status: "passed", stdout: "Hello, world!", stderr: "" });

      const expectation = "<!-- expected_similarity=0.9 -->\n```text\nsomething else\n```\n";
      const content = document("echo hi; echo warned >&2") + expectation;
      const failed = await call(server, "test_document", { content });
      expect(failed.isError).toBe(true);
      expect(failed.data.blocks[0]).toMatchObject({ status: "failed", stdout: "hi", stderr: "warned" });
      expect(failed.data.error).toContain("does not match");
    });

    it("pass, all of the catalogue that comes with the server", async () => {
      const { data } = await call(server, "list_catalogue");
      const names = data.documents.map(({ name }: { name: string }) => name);
      expect(names).toEqual(["check-limits", "prerequisites/name-lookup", "resolve-host", "say-hello"]);
      for (const name of names) {
        expect((await call(server, "test_document", { name })).data).toMatchObject({
          outcome: "passed",
          error: "",
        });
      }
    });

    // The first of the blocks that pass sets the variables.
    it.each([
      ["check-limits", { NEEDED_MIB: "999999999" }, 3, "are less than 999999999"],
      // Longer than a name may be, so that nobody is asked for it.
      ["resolve-host", { URL: `https://user@${"a".repeat(64)}.example:443/x` }, 3, "has no address"],
      ["resolve-host", { URL: "/mcp" }, 2, "does not match"],
    ])(
      "fail, those of the catalogue that check something: %s with %o",
      async (name, variables, blocksPassed, error) => {
        const { data, isError } = await call(server, "test_document", { name, variables });
        expect(isError).toBe(true);
        expect(data).toMatchObject({ outcome: "failed", blocksPassed });
        expect(data.error).toContain(error);
      },
    );

    it("take the host of a URL, whatever surrounds it", async () => {
      const variables = { URL: "http://user:word@127.0.0.1:3000/path:1@x" };
      const { data } = await call(server, "test_document", { name: "resolve-host", variables });
      expect(data.blocks.map(({ stdout }: { stdout: string }) => stdout)).toEqual([
        "",
        "localhost has an address",
        "127.0.0.1",
        "127.0.0.1",
      ]);
    });

    it("go from block to block with their variables and folder, and begin anew with each run", async () => {
      const second = "\n```bash\necho $KEPT in $(basename $PWD)\n```\n";
      const content = document("export KEPT=value; mkdir -p sub; cd sub") + second;
      const first = await call(server, "execute_document", { content });
      expect(first.data.output).toContain("value in sub");
      // A failed run leaves its state behind.
      await call(server, "execute_document", { content: document("export KEPT=left; cd /proc; false") });
      await call(server, "execute_document", { content: `${content}\n\`\`\`bash\nfalse\n\`\`\`\n` });
      const next = await call(server, "execute_document", {
        content: document("echo [$KEPT] in $(basename $PWD)"),
      });
      expect(next.data.output).toContain("[] in work");
    });

    it("have folders of their own, and nothing of the server's environment but what is passed on", async () => {
      const content = document(
        'echo "$HOME:$TMPDIR:$PWD"; env; echo kept > ~/file; echo kept > $TMPDIR/file',
      );
      const { data } = await call(server, "execute_document", { content });
      const [, home, tmp, work] = /^(\/.*)\/home:(\/.*)\/tmp:(\/.*)\/work$/m.exec(data.output) ?? [];
      expect(home).toMatch(new RegExp(`^${server.work}/innovation-engine-`));
      expect([tmp, work]).toEqual([home, home]);
      expect(data.output).not.toContain("sesame");
      expect(data.output).not.toContain("ALLOW_EXECUTE");
      expect(data.output).toContain("PASSED=on purpose");
      // Nothing of it is left, and all that was written is the reports.
      expect(readdirSync(server.work)).toEqual(["innovation-engine-reports"]);
    });

    it("run at the same time without seeing each other", async () => {
      // Each waits for the other one, so that neither would end if they took turns.
      const [a, b] = [join(folder(), "a"), join(folder(), "b")];
      execFileSync("mkfifo", ["-m", "666", a, b]);
      const meet = (mine: string, theirs: string, name: string) =>
        document(`export WHO=${name}\necho here > ${theirs} &\ncat ${mine} > /dev/null\nwait`);
      const step = "\n```bash\necho I am $WHO.\n```\n";
      const [first, second] = await Promise.all([
        call(server, "execute_document", { content: meet(a, b, "first") + step }),
        call(server, "execute_document", { content: meet(b, a, "second") + step }),
      ]);
      expect(first.data.output).toContain("I am first.");
      expect(second.data.output).toContain("I am second.");
    });

    it("have only the beginning of a long output kept, and say so", async () => {
      const { data } = await call(server, "execute_document", { content: document("seq 1 1000") });
      expect(data.outcome).toBe("passed");
      expect(data.output.split("\n")).toHaveLength(40);
      expect(data.cut.lines).toBeGreaterThan(960);
      const tested = await call(server, "test_document", { content: document("seq 1 1000") });
      expect(tested.data.blocks[0].stdout.split("\n")).toHaveLength(40);
      expect(tested.data.cut).toEqual({ lines: 960, bytes: 3782 });
    });

    it("become a script", async () => {
      const { data } = await call(server, "document_to_bash", {
        name: "say-hello",
        variables: { NAME: "you" },
      });
      expect(data.title).toBe("Say hello");
      expect(data.script).toContain('export NAME="you"\n');
      expect(data.script).toContain('# Say it\necho "$GREETING"\n');
    });

    it("take prerequisites from the catalogue and from nowhere else", async () => {
      const content = `# T\n\n## Prerequisites\n\n- [one](say-hello.md)\n\n${document("echo then")}`;
      const { data } = await call(server, "execute_document", { content });
      expect(data.output).toMatch(/Hello, world!.*then/s);
      for (const link of ["../../secret.md", "/etc/secret.md", "https://example.com/a.md", "missing.md"]) {
        const other = await call(server, "execute_document", {
          content: content.replace("say-hello.md", link),
        });
        expect(other.text).toBe(
          `prerequisites must be documents of the catalogue, and these are not: ${link}`,
        );
      }
    });

    it("leave reports", async () => {
      const run = await call(server, "test_document", { name: "say-hello" });
      const { data: listed } = await call(server, "list_reports", { document: "say-hello", limit: 1 });
      expect(listed.reports).toEqual([expect.objectContaining({ id: run.data.id, outcome: "passed" })]);
      const { data: read } = await call(server, "read_report", { id: run.data.id });
      expect(read).toEqual(run.data);
      const { data: experiment } = await call(server, "read_experiment", { name: "say-hello" });
      expect(experiment.metadata).toMatchObject({ tags: ["demo"] });
      expect(experiment.reports[0].id).toBe(run.data.id);
      expect(experiment.runs.passed).toBeGreaterThan(0);
    });
  });
});
