/**
 * Says which stacks a change affects, as a matrix for later jobs: "stacks" as JSON, "names" separated by blanks.
 *
 *   node .github/scripts/affectedStacks.ts --since <commit> | --before <commit> | --stack <name> | --all
 *
 * --since asks what a branch has changed since it left the commit's branch; --before, what differs from the commit,
 * also when that is the newer one, as after a way back.
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import stacks from "../stacks.json" with { type: "json" };
import { affectedBy } from "./affected.ts";
import { output } from "./output.ts";

const { values } = parseArgs({
  options: {
    since: { type: "string" },
    before: { type: "string" },
    stack: { type: "string" },
    all: { type: "boolean" },
  },
});
const names = stacks.map(({ stack }) => stack);

function wanted(): string[] {
  if (values.all) return names;
  if (values.stack !== undefined) {
    if (!names.includes(values.stack)) {
      throw new Error(`.github/stacks.json has no stack ${values.stack}; it has ${names.join(", ")}`);
    }
    return [values.stack];
  }
  const since = values.since ?? values.before ?? "";
  // A branch's first push, and one after a rewrite, has nothing that it could be compared with.
  if (!/^[0-9a-f]{40}$/.test(since) || /^0+$/.test(since) || !known(since)) return names;
  const range = `${since}${values.since === undefined ? ".." : "..."}HEAD`;
  const changed = execFileSync("git", ["diff", "--name-only", "-z", range], { encoding: "utf8" });
  return affectedBy(changed.split("\0").filter(Boolean), names);
}

function known(commit: string): boolean {
  try {
    execFileSync("git", ["merge-base", commit, "HEAD"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const chosen = wanted();
output({
  stacks: JSON.stringify(stacks.filter(({ stack }) => chosen.includes(stack))),
  names: chosen.join(" "),
});
