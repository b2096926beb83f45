import { describe, expect, test } from "vitest";
import { importedPackages, ownManifest, publishedManifest } from "../../package/manifest.ts";

describe("the published package.json", () => {
  const own = ownManifest();
  const published = publishedManifest();

  test("asks for exactly what the shipped sources import", () => {
    const peers = published["peerDependencies"] as Record<string, string>;
    expect([...Object.keys(published.dependencies), ...Object.keys(peers)].sort()).toEqual(
      importedPackages(),
    );
    expect(importedPackages()).toContain("@kubernetes/client-node");
  });

  test("has Pulumi's SDKs as peers, so that a program and its components share one copy", () => {
    expect(published["peerDependencies"]).toEqual({
      "@pulumi/azure-native": `^${own.dependencies["@pulumi/azure-native"]}`,
      "@pulumi/docker": `^${own.dependencies["@pulumi/docker"]}`,
      "@pulumi/kubernetes": `^${own.dependencies["@pulumi/kubernetes"]}`,
      "@pulumi/pulumi": `^${own.dependencies["@pulumi/pulumi"]}`,
    });
    expect(Object.keys(published.dependencies).filter((name) => name.startsWith("@pulumi/"))).toEqual([]);
  });

  test("brings nothing of the checkout's commands and tests", () => {
    for (const field of ["devDependencies", "scripts", "bin", "workspaces", "private"]) {
      expect(published).not.toHaveProperty(field);
    }
    expect(own["private"]).toBe(true);
    expect(Object.keys(published.dependencies)).not.toContain("commander");
  });

  test("exports the same names as the checkout's", () => {
    expect(Object.keys(published["exports"] as object)).toEqual(
      expect.arrayContaining(Object.keys(own["exports"] as object)),
    );
  });

  test("can't be made while an import is no dependency", () => {
    const { zod: _, ...rest } = own.dependencies;
    expect(() => publishedManifest({ ...own, dependencies: rest })).toThrow(/import zod, which is not among/);
  });
});
