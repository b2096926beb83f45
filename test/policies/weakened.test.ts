import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { configuration } from "../../policies/lib/configuration.ts";
import { rules } from "../../policies/rules.ts";

const ROOT = join(import.meta.dirname, "../..");
const names = rules.map(({ name }) => name);

it("nothing but policies/config.json changes what rules do here", () => {
  const files = execFileSync("git", ["ls-files", "-z", "--", "*.json", "*.yml", "*.yaml", ".github"], {
    cwd: ROOT,
  });
  const others = String(files)
    .split("\0")
    .filter((file) => file !== "" && file !== "policies/config.json")
    .filter((file) => /policy-pack-config|"enforcementLevel"/.test(readFileSync(join(ROOT, file), "utf8")));
  expect(others).toEqual([]);
});

it("policies/config.json names rules that exist, and lowers none outside of dev and tours", () => {
  const config = configuration(names, pathToFileURL(join(ROOT, "policies/config.json")));
  const lowered = Object.entries(config).flatMap(([rule, value]) => {
    if (typeof value === "string") return [`${rule}: ${value}`];
    const stacks = Object.entries((value["stacks"] ?? {}) as Record<string, { enforcementLevel?: string }>);
    return [
      ...(value.enforcementLevel === undefined ? [] : [rule]),
      ...stacks.flatMap(([stack, each]) =>
        each.enforcementLevel === undefined ? [] : [`${rule} in ${stack}`],
      ),
    ];
  });
  expect(lowered.filter((each) => !/ in mcpaas\/(dev|tour\*)$/.test(each))).toEqual([]);
  expect(lowered.length).toBeGreaterThan(0);
});

it("a rule that doesn't exist is an error there", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "config.json");
  const read = () => configuration(["image-tags"], pathToFileURL(file));
  expect(read()).toEqual({});
  writeFileSync(file, JSON.stringify({ all: "advisory", "image-tag": "disabled" }));
  expect(read).toThrow(/no such rule: image-tag\. There are: image-tags/);
});
