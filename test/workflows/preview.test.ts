import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { cacheDir, toolchainKey } from "../../rehearsal/toolchain/toolchain.ts";
import { folder, PATIENT, root, runScript } from "./support/script.ts";

const recordings = join(root, "test/cli/previewComment/recordings");

/** A `pulumi` that prints a recording, notes how it was called, and ends as it is told. */
async function pulumi(recording: string, exitCode: number) {
  const bin = await folder();
  const calls = join(bin, "calls");
  const program = join(bin, "pulumi");
  await writeFile(
    program,
    `#!/bin/bash\necho "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW $*" >> '${calls}'\ncat '${recording}'\nexit ${exitCode}\n`,
  );
  await chmod(program, 0o755);
  return { bin, calls: async () => (await readFile(calls, "utf8")).trim().split("\n") };
}

async function preview(recording: string, exitCode: number, ...more: string[]) {
  const { bin, calls } = await pulumi(recording, exitCode);
  const summaries = join(await folder(), "made", "here");
  const page = join(await folder(), "page.md");
  const own = await folder();
  const env = { GITHUB_STEP_SUMMARY: page, TMPDIR: own };
  const ran = await runScript("preview.sh", ["dev", summaries, ...more], env, { path: [bin] });
  return { ...ran, calls, summaries, page, left: await readdir(own) };
}

describe("the scripts of previews and deployments", PATIENT, () => {
  describe("preview.sh", () => {
    it("leaves a summary for the comment and a page for the run, and nothing of the events", async () => {
      const { code, calls, summaries, page, left } = await preview(join(recordings, "update.jsonl"), 0);
      expect(code).toBe(0);
      expect(await calls()).toEqual([
        "true preview --policy-pack policies --stack dev --json --color never --non-interactive",
      ]);
      expect(await readdir(summaries)).toEqual(["dev.json"]);
      expect(JSON.parse(await readFile(join(summaries, "dev.json"), "utf8"))).toMatchObject({
        stacks: [{ stack: "dev", ok: true }],
      });
      expect(await readFile(page, "utf8")).toContain("### `dev`");
      expect(left).toEqual([]);
    });

    it("ends as the preview does when a policy refuses it, and still tells what it said", async () => {
      const { code, summaries, left } = await preview(join(recordings, "violation.jsonl"), 255);
      expect(code).toBe(255);
      expect(await readFile(join(summaries, "dev.json"), "utf8")).toContain('"ok": false');
      expect(left).toEqual([]);
    });

    it("fails when Pulumi told nothing, and leaves no summary", async () => {
      const { code, stderr, summaries } = await preview("/dev/null", 1);
      expect(code).not.toBe(0);
      expect(stderr).toContain("is no preview");
      expect(await readFile(join(summaries, "dev.json"), "utf8")).toBe("");
    });

    it("looks for drift without the state being changed", async () => {
      const { calls } = await preview(join(recordings, "drift.jsonl"), 0, "--drift");
      expect(await calls()).toEqual([
        "true refresh --preview-only --stack dev --json --color never --non-interactive",
      ]);
    });
  });

  it("deploy.sh brings a stack up to date under the policies, and looks whether anything is left to do", async () => {
    const { bin, calls } = await pulumi("/dev/null", 0);
    expect((await runScript("deploy.sh", ["prod"], {}, { path: [bin] })).code).toBe(0);
    const flags = "--suppress-outputs --stack prod --policy-pack policies --non-interactive --color never";
    expect(await calls()).toEqual([
      `up --yes --skip-preview ${flags}`,
      ` preview --expect-no-changes ${flags}`,
    ]);
  });

  it("deploy.sh ends with what went wrong", async () => {
    const { bin, calls } = await pulumi("/dev/null", 3);
    expect((await runScript("deploy.sh", ["prod"], {}, { path: [bin] })).code).toBe(3);
    expect(await calls()).toHaveLength(1);
  });

  describe("comment.sh", () => {
    it("makes one comment of all stacks, also of one whose job got nowhere", async () => {
      const { summaries } = await preview(join(recordings, "update.jsonl"), 0);
      const comment = join(await folder(), "comment.md");
      const env = { STACKS: "dev prod", COMMIT: "a".repeat(40), RUN_URL: "https://github.invalid/run" };
      expect((await runScript("comment.sh", [summaries, comment], env)).code).toBe(0);
      const text = await readFile(comment, "utf8");
      expect(text.split("\n")[0]).toBe("<!-- mcpaas-preview:default -->");
      expect(text).toContain("1 of 2 failed");
      expect(text).toContain("### `prod`: the preview failed");
      expect(text).toContain("of `aaaaaaaaaaaa`, [whole output](https://github.invalid/run)");
    });

    it("says when no stack is affected, so that an older comment doesn't stay", async () => {
      const comment = join(await folder(), "comment.md");
      const env = { STACKS: "", COMMIT: "a".repeat(40), RUN_URL: "https://github.invalid/run" };
      const ran = await runScript("comment.sh", [join(tmpdir(), "no-such-folder"), comment], env);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(await readFile(comment, "utf8")).toContain("## Preview: no stack is affected");
    });
  });

  it("pulumiVersion.ts names the CLI that fits the SDK", async () => {
    const ran = await runScript("pulumiVersion.ts", []);
    expect(ran.stdout).toBe(`pulumi=${manifest.dependencies["@pulumi/pulumi"]}\n`);
  });

  it("buildToolchain.ts builds what isn't kept yet, and fails with the reason", async () => {
    const bin = await folder();
    const go = join(bin, "go");
    await writeFile(go, "#!/bin/bash\nexit 1\n");
    await chmod(go, 0o755);
    const env = { MCPAAS_CACHE: await folder(), HOME: await folder() };
    const ran = await runScript("buildToolchain.ts", [], env, { path: [bin] });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("RehearsalError");
    expect(ran.stderr).toMatch(/\bGo\b/);
  });

  it("toolchainKey.ts names the toolchain's own key and folder", async () => {
    const key = await toolchainKey();
    const ran = await runScript("toolchainKey.ts", [], { MCPAAS_CACHE: "/cache" });
    expect(ran.stdout).toBe(
      `key=${key}\npath=${join(cacheDir({ MCPAAS_CACHE: "/cache" }), "toolchain", key)}\n`,
    );
  });
});
