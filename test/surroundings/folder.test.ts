import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endSupervisor, noteSupervisor, occupy, supervisorOf } from "../../rehearsal/folder.ts";
import { identityOf } from "../../rehearsal/identity.ts";
import { settingsCopy } from "../../rehearsal/workspace.ts";

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mcpaas-folder-"));
  dir = join(root, "run");
});
afterEach(() => rm(root, { recursive: true }));

const nothing = async () => undefined;

describe("a rehearsal's folder", () => {
  test("is readable for its owner only, and keeps the run before", async () => {
    await occupy(dir, () => writeFile(join(dir, "note"), "first"));
    await occupy(dir, nothing);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(`${dir}.previous`, "note"), "utf8")).toBe("first");
    await occupy(dir, nothing);
    expect(await readdir(`${dir}.previous`)).not.toContain("note");
  });

  test.each(["run", "run.previous"])("is not taken from somebody else: %s", async (name) => {
    await mkdir(join(root, name));
    await writeFile(join(root, name, "thesis.txt"), "years of work");
    await expect(occupy(dir, nothing)).rejects.toMatchObject({
      message: expect.stringMatching(/no rehearsal made/),
    });
    expect(await readFile(join(root, name, "thesis.txt"), "utf8")).toBe("years of work");
  });

  test("is refused while a rehearsal is up in it, and free again afterwards", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const identity = identityOf(child.pid ?? 0);
    if (!identity) {
      throw new Error("the process has no identity");
    }
    await occupy(dir, () => noteSupervisor(dir, identity));
    await expect(occupy(dir, nothing)).rejects.toMatchObject({
      message: `a rehearsal is up in ${dir} (process ${child.pid})`,
      hint: expect.stringContaining("--down"),
    });
    expect(await supervisorOf(dir)).toEqual(identity);
    // The exit is seen by this process's own event loop, which the wait below leaves free.
    await endSupervisor(dir, identity);
    expect(await supervisorOf(dir)).toBeUndefined();
    await occupy(dir, nothing);
  });

  test("doesn't take a later process with the same id for the supervisor", async () => {
    await occupy(dir, () => noteSupervisor(dir, { pid: process.pid, started: "long ago" }));
    expect(await supervisorOf(dir)).toBeUndefined();
  });

  test("admits one of two that start at the same moment", async () => {
    let running = 0;
    const slow = async () => {
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    const results = await Promise.allSettled([occupy(dir, slow), occupy(dir, slow)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(running).toBe(1);
  });
});

describe("the copy of a stack's settings", () => {
  test("has all but what ties it to the real stack's encryption", () => {
    const text =
      "encryptionsalt: v1:abc\nsecretsprovider: azurekeyvault://x\n# why\nconfig:\n  mcpaas:location: eastus\n";
    expect(settingsCopy(text, "Pulumi.dev.yaml")).toBe("# why\nconfig:\n  mcpaas:location: eastus\n");
  });

  test("is refused when it holds secrets that can't be read here", () => {
    const text = "config:\n  mcpaas:token:\n    secure: v1:abc\n";
    expect(() => settingsCopy(text, "Pulumi.dev.yaml")).toThrow(
      /Pulumi\.dev\.yaml holds secrets .*: mcpaas:token/,
    );
  });
});
