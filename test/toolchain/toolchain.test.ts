import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  buildFlags,
  certManagerVersion,
  charts,
  moduleDir,
  programs,
  prometheusVersion,
} from "../../rehearsal/toolchain/recipe.ts";
import { cacheDir, ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";

let dir: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpaas-toolchain-"));
  await mkdir(join(dir, "path"));
  // A PATH with the given `go` and what its script needs, and no Pulumi of the machine's own.
  for (const tool of ["sh", "sed", "chmod", "sleep"]) {
    await symlink((await execa("sh", ["-c", `command -v ${tool}`])).stdout, join(dir, "path", tool));
  }
  env = {
    PATH: join(dir, "path"),
    MCPAAS_CACHE: join(dir, "cache"),
    PULUMI_HOME: join(dir, "home"),
    LOG: join(dir, "log"),
  };
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function onPath(name: string, script: string): Promise<void> {
  await writeFile(join(dir, "path", name), `#!/bin/sh\n${script}\n`);
  await chmod(join(dir, "path", name), 0o755);
}

/**
 * A `go` that "builds" each asked-for package into a program that only notes its calls in the file `ran`, and
 * that says where modules are. `$1` of each call goes to the log.
 */
async function fakeGo(build = ""): Promise<void> {
  const module = join(dir, "module");
  for (const file of [
    "cmd/pulumi-resource-kubernetes/schema.json",
    "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
    "kustomize/stage/node/fast/node-initialize.yaml",
    "kustomize/stage/node/heartbeat/node-heartbeat.yaml",
    "kustomize/stage/pod/fast/pod-ready.yaml",
    "kustomize/stage/pod/fast/pod-complete.yaml",
    "kustomize/stage/pod/fast/pod-delete.yaml",
    "helm/kmcp/Chart.yaml",
    "helm/kmcp-crds/Chart.yaml",
    "charts/kaito/workspace/Chart.yaml",
    "charts/kaito/ragengine/Chart.yaml",
    "examples/inference/deep/model.yaml",
    "config/crd/bases/workspaces.yaml",
    "presets/workspace/models/model_catalog.yaml",
    "presets/workspace/models/supported_models.yaml",
    "config/crd/standard/gateways.yaml",
    "deploy/charts/cert-manager/Chart.yaml",
  ]) {
    await mkdir(join(module, file, ".."), { recursive: true });
    await writeFile(join(module, file), "{}");
  }
  await chmod(join(module, "examples/inference/deep/model.yaml"), 0o444);
  await chmod(join(module, "examples/inference"), 0o555);
  await onPath(
    "go",
    `
case "$1 $2" in
"version "*) echo "go version go1.99.0 linux/amd64" ;;
"list -deps") printf 'a\\nb\\n' ;;
"list -m") shift 4; for m in "$@"; do printf '%s\\t%s\\n' "$m" "${module}"; done ;;
build*)
  echo build >> "$LOG"
  ${build}
  out=
  for arg in "$@"; do
    case "$previous" in -o) out=$arg ;; esac
    previous=$arg
  done
  for arg in "$@"; do
    case "$arg" in
    */*/*|./*) case "$arg" in -*|"$out") ;; *)
      name=$(echo "$arg" | sed 's|/v[0-9]*$||; s|.*/||')
      printf '#!/bin/sh\\necho "$(basename "$0") $*" >> ${dir}/ran\\nexit 0\\n' > "$out$name"; chmod +x "$out$name" ;;
    esac ;; esac
  done ;;
esac`,
  );
}

/** How often was built; each time takes a `go build` for each of the three modules that have programs. */
const builds = async () =>
  (await readFile(join(dir, "log"), "utf8").catch(() => "")).split("\n").filter(Boolean).length / 3;

test("builds once, and finds the result the next time", async () => {
  await fakeGo();
  const first = await ensureToolchain({ env });
  expect(first.buildMs).toBeGreaterThan(0);
  expect((await readdir(first.bin)).sort()).toEqual(
    programs
      .map(({ name }) => name)
      .filter((name) => name !== "pulumi")
      .sort(),
  );
  expect(first.pulumi).toEqual({ program: expect.stringMatching(/cli\/pulumi$/), own: false });
  const second = await ensureToolchain({ env });
  expect(second.buildMs).toBe(0);
  expect(await builds()).toBe(1);
});

test("two runs at once share one build", async () => {
  await fakeGo("sleep 0.3");
  const [one, other] = await Promise.all([ensureToolchain({ env }), ensureToolchain({ env })]);
  expect(one.bin).toBe(other.bin);
  expect(await builds()).toBe(1);
});

test("what a killed build left half-done is not taken for a program", async () => {
  await fakeGo("exit 137");
  await expect(ensureToolchain({ env })).rejects.toThrow(/go build failed/);
  await fakeGo();
  const toolchain = await ensureToolchain({ env });
  expect(await readFile(join(toolchain.bin, "etcd"), "utf8")).toMatch(/exit 0/);
  // The one that was killed didn't get to its second module.
  expect(await builds()).toBeCloseTo(4 / 3);
});

test("a build that ended before its data was made only makes the data", async () => {
  await fakeGo();
  const { share } = await ensureToolchain({ env });
  await rm(share, { recursive: true });
  const again = await ensureToolchain({ env });
  expect(again.buildMs).toBeGreaterThan(0);
  expect(await readdir(again.share)).toEqual([
    ...["charts", "gateway-api", "kaito", "keda", "kwok", "pulumi-kubernetes"],
  ]);
  expect(await builds()).toBe(1);
});

test("a module's folder comes whole, and without the module cache's protection", async () => {
  await fakeGo();
  const { share } = await ensureToolchain({ env });
  const examples = join(share, "kaito", "examples");
  const modes = ["", "inference", "inference/deep", "inference/deep/model.yaml"].map(
    async (path) => (await stat(join(examples, path))).mode & 0o200,
  );
  expect(await Promise.all(modes)).toEqual([0o200, 0o200, 0o200, 0o200]);
});

test("charts are packaged for their repositories, and only HTTP repositories get an index", async () => {
  await fakeGo();
  const { share } = await ensureToolchain({ env });
  expect((await readdir(join(share, "charts"))).sort()).toEqual(["https", "oci"]);
  const ran = (await readFile(join(dir, "ran"), "utf8"))
    .split("\n")
    .filter((line) => line.startsWith("helm "));
  expect(ran.filter((line) => line.startsWith("helm package"))).toHaveLength(5);
  expect(ran.filter((line) => line.startsWith("helm repo"))).toEqual([
    expect.stringMatching(
      /share\/charts\/https\/kaito-project\.github\.io\/kaito\/charts\/kaito --url https:\/\/kaito-project\.github\.io\/kaito\/charts\/kaito$/,
    ),
  ]);
});

test("programs say the versions that they are built from", async () => {
  const mod = await readFile(join(moduleDir, "go.mod"), "utf8");
  const certManagerMod = await readFile(join(moduleDir, "cert-manager/go.mod"), "utf8");
  const pinned = (module: string) =>
    new RegExp(`^\\s*${module} v(\\S+)`, "m").exec(mod + certManagerMod)?.[1];
  const flags = buildFlags.join("\n");
  expect(flags).toContain(`component-base/version.gitVersion=v${pinned("k8s.io/kubernetes")} `);
  expect(flags).toContain(`pulumi-yaml/pkg/version.Version=v${pinned("github.com/pulumi/pulumi-yaml")}`);
  expect(flags).toContain(`kaito/pkg/version.Version=${pinned("github.com/kaito-project/kaito")}`);
  const upstream = charts.filter(({ module }) => module.endsWith("/kaito"));
  expect(upstream.map(({ version }) => version)).toEqual(
    Array(2).fill(pinned("github.com/kaito-project/kaito")),
  );
  // Go has no third major version of it: 3.13.5 is v0.313.5 there.
  const prometheusMod = await readFile(join(moduleDir, "prometheus/go.mod"), "utf8");
  const [, major, minor, patch] = /prometheus\/prometheus v0\.(\d)(\d+)\.(\d+)/.exec(prometheusMod) ?? [];
  expect(prometheusVersion).toBe(`${major}.${minor}.${patch}`);
  expect(flags).toContain(`common/version.Version=${prometheusVersion}`);
  expect(certManagerVersion).toBe(`v${pinned("github.com/cert-manager/cert-manager")}`);
});

test("a build can be interrupted", async () => {
  await fakeGo("exec sleep 30");
  const abort = new AbortController();
  const build = ensureToolchain({
    env,
    signal: abort.signal,
    onProgress: (line) => line.startsWith("compiled") && abort.abort(),
  });
  await expect(build).rejects.toMatchObject({ name: "AbortError" });
});

test("what is in the cache needs no Go", async () => {
  await fakeGo();
  await ensureToolchain({ env });
  await rm(join(dir, "path", "go"));
  expect((await ensureToolchain({ env })).buildMs).toBe(0);
});

test("the CLI that was built is not taken for the user's own, though a rehearsal's shell has it on PATH", async () => {
  await fakeGo();
  const { pulumi } = await ensureToolchain({ env });
  await writeFile(pulumi.program, '#!/bin/sh\necho "v3.230.0"\n');
  env["PATH"] = `${join(pulumi.program, "..")}:${env["PATH"]}`;
  expect((await ensureToolchain({ env })).pulumi.own).toBe(false);
});

test("a Pulumi CLI of the user's own is used and not built, with its own language host", async () => {
  await fakeGo();
  await onPath("pulumi", 'echo "v3.199.0"');
  const toolchain = await ensureToolchain({ env });
  expect(toolchain.pulumi).toEqual({ program: join(dir, "path", "pulumi"), own: true });
  expect(toolchain.path).toEqual([toolchain.bin]);
});

test("a Pulumi CLI of another major version is not used", async () => {
  await fakeGo();
  await onPath("pulumi", 'echo "v2.25.2"');
  expect((await ensureToolchain({ env })).pulumi.own).toBe(false);
});

test("a kubernetes plugin that the user has is used and not built", async () => {
  await fakeGo();
  const plugin = join(dir, "home", "plugins", "resource-kubernetes-v4.25.0");
  await mkdir(plugin, { recursive: true });
  await writeFile(join(plugin, "pulumi-resource-kubernetes"), "");
  const toolchain = await ensureToolchain({ env });
  expect(toolchain.path).toContain(plugin);
  expect(await readdir(toolchain.bin)).not.toContain("pulumi-resource-kubernetes");
});

test.each([
  ["no Go", undefined, /^Go is not on PATH\. Go 1\.\d+\.\d+ or newer builds /],
  [
    "an old Go",
    'echo "go version go1.21.3 linux/amd64"',
    /^Go 1\.21\.3 is too old\. Go 1\.\d+\.\d+ or newer builds /,
  ],
])("%s is one line that says what is needed and why", async (_name, script, message) => {
  if (script) {
    await onPath("go", script);
  }
  await expect(ensureToolchain({ env })).rejects.toMatchObject({
    name: "RehearsalError",
    message: expect.stringMatching(message),
    hint: expect.stringContaining("go.dev/dl"),
  });
});

test("a full disk is one message that names the folder and the way out", async () => {
  await fakeGo('echo "write /x: no space left on device" >&2; exit 1');
  await expect(ensureToolchain({ env })).rejects.toMatchObject({
    name: "RehearsalError",
    message: expect.stringMatching(/^the disk that holds .*cache\/toolchain is full/),
    hint: expect.stringContaining("MCPAAS_CACHE"),
  });
});

test("a cache folder that can't be written is named", async () => {
  await fakeGo();
  await writeFile(join(dir, "file"), "");
  await expect(ensureToolchain({ env: { ...env, MCPAAS_CACHE: join(dir, "file") } })).rejects.toMatchObject({
    name: "RehearsalError",
    message: expect.stringMatching(/can't write to the cache folder/),
  });
});

test("the compiler's own words reach the message", async () => {
  await fakeGo('echo "./main.go:1:1: expected declaration" >&2; exit 1');
  await expect(ensureToolchain({ env })).rejects.toThrow(/expected declaration/);
});

test("the cache stands where the user's other caches do", () => {
  expect(cacheDir({ XDG_CACHE_HOME: "/caches" })).toBe("/caches/mcpaas");
  expect(cacheDir({ MCPAAS_CACHE: "/elsewhere", XDG_CACHE_HOME: "/caches" })).toBe("/elsewhere");
});
