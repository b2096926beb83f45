import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Builder, buildFromFiles, buildWithDocker } from "../../rehearsal/providers/docker/build.ts";
import { imageInputs } from "../../rehearsal/providers/docker/inputs.ts";
import { pulumiEnvironment } from "../../rehearsal/pulumiEnvironment.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { type Login, type RegistryStage, startRegistryStage } from "./support/registry.ts";

const host = "demoreg1.azurecr.io";
const echo = `${host}/mcp/echo`;
const byDigest = /^demoreg1\.azurecr\.io\/mcp\/echo@sha256:[0-9a-f]{64}$/;
const actions = ["content/read", "content/write", "metadata/read"].map(
  (right) => `repositories/mcp/echo/${right}`,
);

let stage: RegistryStage;
let login: Login;
let servers: string;

beforeAll(async () => {
  stage = await startRegistryStage();
  await stage.makeRegistry("demoreg1");
  login = await stage.makeToken("demoreg1", "images-push", actions);
  servers = join(stage.dir, "servers");
  await mkdir(join(servers, "echo"), { recursive: true });
  await writeFile(
    join(servers, "echo", "Dockerfile"),
    'FROM a\nWORKDIR /app\nCOPY shared.ts ./\nRUN false\nCOPY echo/*.ts echo/\nUSER 10001\nCMD ["node", "echo/main.ts"]\n',
  );
  await writeFile(join(servers, "shared.ts"), "1");
  await writeFile(join(servers, "echo", "main.ts"), "1");
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.requests.length = 0;
});

const pushed = () => stage.requests.filter((line) => / PUT /.test(line)).map((line) => line.split(" ")[2]);
/** Of a command; one that fails shows what it said. */
const success = { ok: true, text: expect.any(String) };
const as = { host, username: "images-push" };

/** Builds with a login, in the environment of the stage. */
async function build(builder: Builder, who: Login, more: object = {}, env: NodeJS.ProcessEnv = {}) {
  const inputs = imageInputs({
    imageName: `${echo}:0.1.0`,
    registry: { server: host, ...who },
    build: {
      context: servers,
      dockerfile: join(servers, "echo", "Dockerfile"),
      platform: "linux/amd64",
      args: { BUILDKIT_INLINE_CACHE: "1" },
      ...more,
    },
  });
  const run = { env: { ...(await stage.env()), ...env }, signal: new AbortController().signal };
  return { inputs, push: () => builder(inputs, false, run), stay: () => builder(inputs, true, run) };
}

describe("without Docker", () => {
  test("an image of the Dockerfile's files is pushed, and its config is the Dockerfile's", async () => {
    const image = await (await build(buildFromFiles, login)).push();
    expect(image).toMatch(byDigest);
    const config = JSON.parse(await stage.crane({ ...as, ...login }, "config", image));
    expect(config).toMatchObject({
      os: "linux",
      architecture: "amd64",
      config: { User: "10001", WorkingDir: "/app", Cmd: ["node", "echo/main.ts"] },
    });
    await stage.crane({ ...as, ...login }, "export", image, join(stage.dir, "files.tar"));
    const { stdout } = await execa("tar", ["-tf", join(stage.dir, "files.tar")]);
    expect(stdout.split("\n").filter((line) => line.endsWith(".ts"))).toEqual([
      "app/echo/main.ts",
      "app/shared.ts",
    ]);
  });

  test("the layer that changed is pushed, and the others aren't", async () => {
    const first = await (await build(buildFromFiles, login)).push();
    stage.requests.length = 0;
    expect(await (await build(buildFromFiles, login)).push()).toBe(first);
    expect(pushed()).toEqual([]);
    stage.requests.length = 0;
    await writeFile(join(servers, "echo", "main.ts"), "2");
    expect(await (await build(buildFromFiles, login)).push()).not.toBe(first);
    // A layer, the config, the manifest.
    expect(pushed()).toHaveLength(3);
  });

  test("the registry's refusal is the error", async () => {
    const { push } = await build(buildFromFiles, { ...login, password: "wrong" });
    await expect(push()).rejects.toThrow(/^crane push failed: .*UNAUTHORIZED: authentication required/s);
    const anonymous = await build(buildFromFiles, { username: "", password: "" });
    await expect(anonymous.push()).rejects.toThrow(/UNAUTHORIZED/);
  });

  test("what is not to be pushed is known by its id", async () => {
    expect(await (await build(buildFromFiles, login)).stay()).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(stage.requests).toEqual([]);
  });
});

describe("with Docker", () => {
  let env: NodeJS.ProcessEnv;
  let log: string;
  beforeEach(async () => {
    // It notes how it is called, and hands over an archive that crane made in place of one that it built.
    const bin = join(stage.dir, "docker-bin");
    log = join(stage.dir, "docker.log");
    const archive = join(stage.dir, "built.tar");
    await mkdir(bin, { recursive: true });
    await writeFile(log, "");
    await execa("tar", ["-cf", join(stage.dir, "layer.tar"), "-C", servers, "shared.ts"]);
    await stage.crane(undefined, "append", "-f", join(stage.dir, "layer.tar"), "-o", archive, "-t", "built");
    await writeFile(
      join(bin, "docker"),
      `#!/bin/sh
echo "$* proxy=$HTTPS_PROXY buildkit=$DOCKER_BUILDKIT" >> ${log}
case "$1 $2" in
"image save") cp ${archive} "$4" ;;
"image inspect") echo sha256:id ;;
build*) case "$*" in *broken*) echo "step 1" >&2; echo "ERROR: no such base" >&2; exit 1 ;; esac ;;
esac
`,
    );
    await chmod(join(bin, "docker"), 0o755);
    env = { PATH: `${bin}:${(await stage.env())["PATH"]}` };
  });
  const calls = async () => (await readFile(log, "utf8")).trim().split("\n");

  test("its image is pushed from here, not by its daemon, and its name taken away again", async () => {
    const image = await (await build(buildWithDocker, login, { target: "last" }, env)).push();
    expect(image).toMatch(byDigest);
    expect(await stage.crane({ ...as, ...login }, "digest", `${echo}:0.1.0`)).toBe(image.split("@")[1]);
    const [built, saved, removed, ...more] = await calls();
    const dockerfile = join(servers, "echo", "Dockerfile");
    expect(built).toBe(
      `build --file ${dockerfile} --platform linux/amd64 --target last --build-arg BUILDKIT_INLINE_CACHE=1 --tag ${echo}:0.1.0 ${servers} proxy= buildkit=1`,
    );
    expect(saved).toMatch(/^image save --output \S+ demoreg1\.azurecr\.io\/mcp\/echo:0\.1\.0 /);
    expect(removed).toMatch(/^image rm --no-prune demoreg1\.azurecr\.io\/mcp\/echo:0\.1\.0 /);
    expect(more).toEqual([]);
  });

  test("what it can't build is an error with its last words", async () => {
    const { push } = await build(buildWithDocker, login, { target: "broken" }, env);
    await expect(push()).rejects.toThrow("docker build failed: step 1\nERROR: no such base");
  });

  test("what is not to be pushed stays with it", async () => {
    expect(await (await build(buildWithDocker, login, { builderVersion: "BuilderV1" }, env)).stay()).toBe(
      "sha256:id",
    );
    expect((await calls())[0]).toMatch(/buildkit=0$/);
    expect(stage.requests).toEqual([]);
  });
});

describe("under Pulumi's engine", () => {
  let project: string;
  let env: NodeJS.ProcessEnv;
  const pulumi = async (...args: string[]) => {
    const done = await execa("pulumi", args, {
      cwd: project,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { ok: done.exitCode === 0, text: done.all };
  };
  /** After the flags: a password may begin with a dash. */
  const setConfig = async (...args: string[]) => {
    const done = await pulumi("config", "set", ...args.slice(0, -1), "--", ...args.slice(-1));
    expect(done.ok, done.text).toBe(true);
  };
  const up = (...args: string[]) => pulumi("up", "--yes", "--skip-preview", "--color=never", ...args);
  const image = async () => (await pulumi("stack", "output", "image")).text.trim();

  beforeAll(async () => {
    project = join(stage.dir, "project");
    await mkdir(project);
    await symlink(join(repository, "node_modules"), join(project, "node_modules"));
    // As in the rehearsal's own folder.
    await symlink(servers, join(project, "servers"));
    await writeFile(
      join(project, "Pulumi.yaml"),
      "name: images\nmain: index.ts\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    await writeFile(join(project, "package.json"), '{ "type": "module" }');
    await writeFile(
      join(project, "index.ts"),
      `import { Config } from "@pulumi/pulumi";
import { ContainerImage } from "${repository}/components/containerImage.ts";
const config = new Config();
const login = { username: config.require("username"), password: config.requireSecret("password") };
const { image } = new ContainerImage("echo-image", {
  loginServer: "${host}", repository: "mcp/echo", tag: "engine", login,
  context: "servers", dockerfile: "servers/echo/Dockerfile",
});
export { image };
`,
    );
    const { DOCKER_CONFIG: _, HOME: __, PATH: ___, ...variables } = await stage.env();
    const environment = {
      stack: "dev",
      armEndpoint: "",
      kubeconfig: "",
      serviceProxy: "",
      prometheus: "",
      variables: variables as Record<string, string>,
    };
    env = await pulumiEnvironment(stage.dir, await ensureToolchain(), environment);
    expect((await pulumi("stack", "init", "dev")).text).toContain("Created stack 'dev'");
    await setConfig("username", login.username);
    await setConfig("--secret", "password", login.password);
  });

  test("an image is built once, and again when a source changes, nothing in between, no password in the state", async () => {
    expect(await pulumi("preview")).toEqual(success);
    expect(stage.requests).toEqual([]);

    const first = await up();
    expect(first).toMatchObject({
      ok: true,
      text: expect.stringContaining("No Docker answers on this machine"),
    });
    const before = await image();
    expect(before).toMatch(byDigest);
    expect((await pulumi("stack", "export")).text).not.toContain(login.password);

    stage.requests.length = 0;
    const again = await up("--expect-no-changes");
    expect(again).toEqual(success);
    expect(again.text).not.toContain("No Docker answers");
    expect(stage.requests).toEqual([]);

    await writeFile(join(servers, "echo", "main.ts"), "3");
    expect(await up()).toEqual(success);
    expect(await image()).not.toBe(before);
    expect(await stage.crane({ ...as, ...login }, "digest", `${echo}:engine`)).toBe(
      (await image()).split("@")[1],
    );
  });

  test("another password alone builds nothing, and a wrong one fails when there is something to push", async () => {
    await setConfig("--secret", "password", "-wrong");
    stage.requests.length = 0;
    expect(await up("--expect-no-changes")).toEqual(success);
    expect(await pulumi("refresh", "--yes", "--expect-no-changes")).toEqual(success);
    expect(stage.requests).toEqual([]);
    await writeFile(join(servers, "echo", "main.ts"), "4");
    expect(await up()).toMatchObject({ ok: false, text: expect.stringContaining("UNAUTHORIZED") });
  });

  test("destroying leaves the image", async () => {
    const kept = await image();
    expect(await pulumi("destroy", "--yes")).toEqual(success);
    expect(await stage.crane({ ...as, ...login }, "digest", kept)).toBe(kept.split("@")[1]);
  });
});
