import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policies/rules.ts";
import type { Case, Fixture } from "./cases/case.ts";
import { surroundings } from "./surroundings.ts";

const folder = join(import.meta.dirname, "cases");

/** The cases of every rule that has some: each file of the folder but the one that says what a case is. */
export async function allCases(): Promise<Case[]> {
  const files = readdirSync(folder).filter((file) => file !== "case.ts");
  const modules = await Promise.all(files.sort().map((file) => import(join(folder, file))));
  return modules.map(({ cases }: { cases: Case }) => cases);
}

/** Every fixture of one side, as one program registers them. */
export function program(cases: readonly Case[], side: "bad" | "good"): Fixture[] {
  return [...surroundings, ...cases.flatMap((each) => each[side])];
}

/** What a run must report: the names of the resources by the rule's name. */
export type Reported = Record<string, string[]>;

/** What the whole pack must say of a program: each rule its own bad fixtures, and nothing of the good ones. */
export function expectedReports(cases: readonly Case[], side: "bad" | "good"): Reported {
  const own = (each: Case) => each.bad.filter(({ bystander }) => !bystander).map(({ name }) => name);
  return Object.fromEntries(
    rules.map(({ name }) => [
      name,
      side === "good"
        ? []
        : cases
            .filter(({ rule }) => rule === name)
            .flatMap(own)
            .sort(),
    ]),
  );
}

/** What was said, in the same form. What is exempt was said too, and counts for nothing. */
export function reported(said: readonly { rule: string; name: string; message: string }[]): Reported {
  const names = (rule: string) =>
    said
      .filter((each) => each.rule === rule && !each.message.startsWith("Exempt until"))
      .map(({ name }) => name);
  return Object.fromEntries(rules.map(({ name }) => [name, [...new Set(names(name))].sort()]));
}

/** The configuration with which both programs are judged, in the form of `--policy-pack-config`. */
export function configuration(cases: readonly Case[]): Record<string, object> {
  return Object.fromEntries(
    cases.flatMap(({ rule, config }) => (config === undefined ? [] : [[rule, config]])),
  );
}
