import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ieCommit, stateDescriptor } from "../../../servers/innovation-engine/engine/binary.ts";
import { connect } from "../mcp-http/helpers.ts";
import { layOut, read } from "../mcp-http/image.ts";
import { listening } from "../mcp-http/program.ts";
import { fakeIe, folder, ownStateVersion, patience } from "./helpers.ts";

const dockerfile = read("servers/innovation-engine/Dockerfile");

describe("the Innovation Engine image", () => {
  it("runs the Node that the tests run, as a user with a number and no rights, below a real init", () => {
    const { devDependencies } = JSON.parse(read("package.json"));
    expect(dockerfile).toContain(`node:${devDependencies.node}-`);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["tini", "--"\]$/m);
  });

  it("builds the ie that the server asks for, with a state for each run, and checks what came out", () => {
    expect(dockerfile).toContain(`ARG IE_COMMIT=${ieCommit}\n`);
    expect(dockerfile).toContain(`commands.VERSION=${ownStateVersion} `);
    expect(dockerfile).toContain(`DefaultEnvironmentStateFile=/proc/self/fd/${stateDescriptor}/env-vars `);
    expect(dockerfile).toContain(
      `DefaultWorkingDirectoryStateFile=/proc/self/fd/${stateDescriptor}/working-dir"`,
    );
    expect(dockerfile.match(/sum=[0-9a-f]{64} ;;/g)).toHaveLength(2);
    expect(dockerfile).toContain('echo "$sum  /ie" | sha256sum --check');
  });

  it("has all that its program needs", { timeout: patience }, async () => {
    const app = await layOut("innovation-engine");
    onTestFinished(() => rm(app, { recursive: true }));
    const env = { IE_PATH: fakeIe(), WORK_DIR: folder() };
    const { url } = await listening(join(app, "innovation-engine/main.ts"), env);
    const client = await connect(url);
    const answer = await client.callTool({ name: "inspect_document", arguments: { name: "say-hello" } });
    expect(answer.structuredContent).toMatchObject({ title: "Say hello", problems: [] });
    expect((await client.listTools()).tools).toHaveLength(7);
  });
});
