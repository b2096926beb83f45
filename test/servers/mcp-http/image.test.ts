import { describe, expect, it } from "vitest";
import { installed, lockOf, read } from "./image.ts";

const { workspaces } = JSON.parse(read("servers/package.json")) as { workspaces: string[] };

describe("the lock file that the servers' images install from", () => {
  it("has what the repository's own lock file was tested with", () => {
    const tested = installed(lockOf("package-lock.json"));
    const shipped = installed(lockOf("servers/package-lock.json"));
    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.filter((one) => !tested.includes(one))).toEqual([]);
  });

  it.each(workspaces)("locks what the package.json of %s asks for", (name) => {
    const { dependencies, devDependencies } = JSON.parse(read(`servers/${name}/package.json`));
    expect(lockOf("servers/package-lock.json")[name]).toMatchObject({ dependencies });
    expect(lockOf("servers/package-lock.json")[name]?.devDependencies).toEqual(devDependencies);
  });

  it.each(workspaces)("takes %s from the folder beside it, not from a registry", (name) => {
    expect(lockOf("servers/package-lock.json")[`node_modules/@mcpaas/${name}`]).toEqual({
      resolved: name,
      link: true,
    });
  });
});
