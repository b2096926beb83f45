import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readContext } from "../../../rehearsal/providers/docker/context.ts";
import { writeLayout } from "../../../rehearsal/providers/docker/layout.ts";
import { followDockerfile } from "../../../rehearsal/providers/docker/stages.ts";

let dir: string;
let context: string;
const write = (path: string, text = path) => writeFile(join(context, path), text);
const read = () => readContext(context, join(context, "echo", "Dockerfile"));
const digest = async () => (await read()).digest;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpaas-context-"));
  context = join(dir, "servers");
  await mkdir(join(context, "echo", "node_modules"), { recursive: true });
  await write("echo/Dockerfile", "FROM a\nCOPY echo/main.ts /app/\nCOPY package.json /app/\n");
  await write("echo/main.ts");
  await write("echo/node_modules/x.js");
  await write("package.json");
  await write(".dockerignore", "**/node_modules\n");
});
afterEach(() => rm(dir, { recursive: true }));

describe("a context", () => {
  it("is what the ignore file leaves, in one order", async () => {
    const { files, dockerfilePath } = await read();
    expect([...files.keys()]).toEqual([".dockerignore", "echo/Dockerfile", "echo/main.ts", "package.json"]);
    expect(dockerfilePath).toBe("echo/Dockerfile");
  });

  it("goes by the ignore file beside its Dockerfile, when there is one", async () => {
    await write("echo/Dockerfile.dockerignore", "*\n!package.json\n");
    expect([...(await read()).files.keys()]).toEqual(["package.json"]);
  });

  it("is the same in a folder of links", async () => {
    const before = await read();
    await symlink(context, join(dir, "linked"));
    const linked = await readContext(join(dir, "linked"), join(dir, "linked", "echo", "Dockerfile"));
    expect([linked.digest, linked.dockerfilePath]).toEqual([before.digest, before.dockerfilePath]);
  });

  it("keeps links links, and doesn't follow them out of itself", async () => {
    await symlink("/etc", join(context, "etc"));
    expect([...(await read()).files.keys()]).toContain("etc");
  });

  it("has another digest when a file, its name, its mode or the Dockerfile changes, and the same otherwise", async () => {
    const seen = [await digest()];
    await write("echo/node_modules/y.js");
    expect(await digest()).toBe(seen[0]);
    for (const change of [
      () => write("echo/main.ts", "ECHO/MAIN.TS"),
      () => write("echo/new.ts"),
      () => chmod(join(context, "echo/main.ts"), 0o755),
      () => write("echo/Dockerfile", "FROM b\nCOPY echo/main.ts /app/\nCOPY package.json /app/\n"),
    ]) {
      await change();
      seen.push(await digest());
    }
    expect(new Set(seen).size).toBe(5);
  });
});

describe("an image of its files", () => {
  let count = 0;
  const idOf = async () =>
    writeLayout(join(dir, `layout-${count++}`), followDockerfile(await read(), {}), "linux/amd64");

  it("is the same for the same files, whatever their times and the machine's umask", async () => {
    const id = await idOf();
    await rm(join(context, "echo", "main.ts"));
    await write("echo/main.ts");
    await chmod(join(context, "echo/main.ts"), 0o600);
    expect(await idOf()).toBe(id);
  });

  it("holds no time of this machine's: each entry of a layer is as old as time itself", async () => {
    await idOf();
    const blob = (digest: string) =>
      readFile(join(dir, `layout-${count - 1}`, "blobs", digest.replace(":", "/")));
    const index = await readFile(join(dir, `layout-${count - 1}`, "index.json"), "utf8");
    const manifest = JSON.parse((await blob(JSON.parse(index).manifests[0].digest)).toString());
    const layer = await blob(manifest.layers[0].digest);
    // The place of the time in an archive's header, in octal digits.
    expect(layer.toString("ascii", 136, 147)).toBe("0".repeat(11));
  });

  it("is another one for another file, and for another platform", async () => {
    const id = await idOf();
    await write("echo/main.ts", "other");
    const other = await idOf();
    expect(other).not.toBe(id);
    const stage = followDockerfile(await read(), {});
    expect(await writeLayout(join(dir, "arm"), stage, "linux/arm64")).not.toBe(other);
  });
});
