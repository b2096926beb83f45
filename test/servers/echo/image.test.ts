import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; dev?: boolean }>;
}

/** What a lock file installs outside of development: name, version and checksum. */
function installed(lock: Lock, all: boolean): string[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.includes("node_modules/") && (all || !dev))
    .map(([path, { version, integrity }]) => `${path.split("node_modules/").pop()}@${version} ${integrity}`);
}

describe("the echo image", () => {
  it("installs what the repository's own lock file was tested with", () => {
    const tested = installed(JSON.parse(read("package-lock.json")), true);
    const shipped = installed(JSON.parse(read("servers/echo/package-lock.json")), false);
    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.filter((one) => !tested.includes(one))).toEqual([]);
  });

  it("locks what its package.json asks for", () => {
    const { dependencies, devDependencies } = JSON.parse(read("servers/echo/package.json"));
    const lock: Lock = JSON.parse(read("servers/echo/package-lock.json"));
    expect(lock.packages[""]).toMatchObject({ dependencies, devDependencies });
  });

  it("runs the Node that the tests run, as a user with a number and no rights", () => {
    const dockerfile = read("servers/echo/Dockerfile");
    const { devDependencies } = JSON.parse(read("package.json"));
    expect(dockerfile).toContain(`node:${devDependencies.node}-`);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  });
});
