import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { expect, it } from "vitest";
import { acrAdminUserOff } from "../../policies/rules/acrAdminUserOff.ts";
import { containerResources } from "../../policies/rules/containerResources.ts";
import { gpuPlacement } from "../../policies/rules/gpuPlacement.ts";
import { imageTags } from "../../policies/rules/imageTags.ts";

const ROOT = join(import.meta.dirname, "../..");
const RULES = [acrAdminUserOff, containerResources, gpuPlacement, imageTags] as ResourceValidationPolicy[];

it("has no rule that isn't mandatory", () => {
  expect(RULES.map(({ name, enforcementLevel }) => [name, enforcementLevel])).toEqual(
    RULES.map(({ name }) => [name, "mandatory"]),
  );
});

it("is run without a configuration that weakens a rule", () => {
  const files = execFileSync("git", ["ls-files", "-z", "--", "*.json", "*.yml", "*.yaml", ".github"], {
    cwd: ROOT,
  });
  const weakened = String(files)
    .split("\0")
    .filter(
      (file) =>
        file !== "" && /policy-pack-config|"enforcementLevel"/.test(readFileSync(join(ROOT, file), "utf8")),
    );
  expect(weakened).toEqual([]);
});
