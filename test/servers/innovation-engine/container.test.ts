import { spawnSync } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Report } from "../../../servers/innovation-engine/reports.ts";
import { connect } from "../mcp-http/helpers.ts";
import { listening } from "../mcp-http/program.ts";
import { engines, folder, main, patience } from "./helpers.ts";

const root = process.getuid?.() === 0;

/**
 * A command that runs another one as a hardened pod does: all of the file system read-only but one empty folder, somebody whom
 * /etc/passwd doesn't know, no HOME, no terminal, no other variables.
 */
function container(scratch: string): string[] {
  const become = root
    ? "setpriv --reuid 4711001 --regid 4711001 --clear-groups --no-new-privs"
    : "unshare --user --map-user=4711001 --map-group=4711001";
  const script = [
    "set -e",
    `mount -t tmpfs -o mode=1777 tmpfs ${scratch}`,
    // Each mount by itself: a read-only root does not make what is mounted in it read-only.
    "for place in $(findmnt --raw --noheadings --output TARGET | grep -Ev '^/(proc|sys|dev)(/|$)'); do",
    `  test "$place" = ${scratch} || mount -o remount,bind,ro "$place"`,
    "done",
    `cd /; exec setsid ${become} "$@"`,
  ];
  const unshare = ["--mount", "--propagation", "private", ...(root ? [] : ["--user", "--map-root-user"])];
  return ["unshare", ...unshare, "sh", "-c", script.join("\n"), "sh"];
}

const [program = "", ...args] = container("/tmp");
const probe = spawnSync(program, [...args, "sh", "-c", "! touch /probe 2> /dev/null"], { encoding: "utf8" });
const possible = probe.status === 0;
const why = possible
  ? ""
  : ` (skipped: this machine lets nobody make mounts of their own: ${probe.stderr.trim()})`;

describe.each(engines)(`in a container that can write next to nothing, with $ie${why}`, ({ skip, path }) => {
  it.skipIf(skip || !possible)("documents are executed and tested", { timeout: patience }, async () => {
    const scratch = folder();
    const env = { ALLOW_EXECUTE: "true", WORK_DIR: scratch, IE_PATH: path() };
    const { url } = await listening(main, env, { through: container(scratch) });
    const client = await connect(url);
    onTestFinished(() => client.close());
    const run = async (name: string, content: string) =>
      (await client.callTool({ name, arguments: { content } })).structuredContent as Partial<Report>;

    const look =
      "id -u; tty || true; touch /probe || echo no root; touch ~/x && echo home; pwd > $TMPDIR/x && echo tmp";
    const content = `# T\n\n## A\n\n\`\`\`bash\n${look}\n\`\`\`\n\n## B\n\n\`\`\`bash\ntouch here && echo done\n\`\`\`\n`;
    const executed = await run("execute_document", content);
    expect(executed).toMatchObject({ outcome: "passed", blocksPassed: 2 });
    const shown = "4711001\nnot a tty\nno root\nhome\ntmp\n";
    expect(executed.output).toContain(shown);
    expect(executed.output).toContain("done");
    expect(await run("test_document", content)).toMatchObject({
      outcome: "passed",
      blocks: [{ stdout: shown.trimEnd() }, { stdout: "done" }],
    });
    const script = await client.callTool({ name: "document_to_bash", arguments: { name: "say-hello" } });
    expect(script.structuredContent).toMatchObject({ title: "Say hello" });
    expect((await client.callTool({ name: "list_reports", arguments: {} })).structuredContent).toMatchObject({
      total: 2,
    });
  });
});
