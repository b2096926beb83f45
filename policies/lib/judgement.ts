import { annotated, ruleOn, type Subject } from "./exemptions.ts";
import type { Level, OnUnknown } from "./facts.ts";
import type { RuleSettings } from "./settings.ts";
import { Unknown } from "./unknown.ts";

/** What a judgement needs to know of its rule. */
export interface Judged {
  name: string;
  fix: string;
  /** Whether the rule judges resources, each before it is made, or the stack when all are. */
  scope: "resource" | "stack";
}

/** Takes a text to the engine: at which level (by default the rule's own), and about which resource. */
export type Say = (message: string, level: Level | undefined, urn: string) => void;

/** Gathers what a rule finds, weighs it against exemptions and levels, and tells it once. */
export class Judgement {
  readonly #rule: Judged;
  readonly #settings: RuleSettings;
  readonly #say: Say;
  readonly #told = new Set<string>();
  readonly #unknowns = new Map<string, { path: string; subject: Subject }>();

  constructor(rule: Judged, settings: RuleSettings, say: Say) {
    this.#rule = rule;
    this.#settings = settings;
    this.#say = say;
  }

  /** What is wrong with a resource. */
  violation(text: string, subject: Subject): void {
    this.#tell(text, this.#rule.fix, this.#ownLevel, subject);
  }

  /** A value that the rule needs and that is not known yet. */
  unknown(value: Unknown, subject: Subject): void {
    this.#unknowns.set(`${subject.urn} ${value.path}`, { path: value.path, subject });
  }

  /** Runs the rule. What it throws is a violation that nothing is exempt from: a rule that breaks saw nothing. */
  run(check: () => void, subject: Subject): void {
    for (const fault of this.#settings.faults) {
      this.#say(`${fault}\nSee the pack's README for the keys.`, "mandatory", subject.urn);
    }
    try {
      check();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      const text = `${this.#rule.name} broke and judged nothing here: ${what}.`;
      const advice = "This is a fault of the rule, or of its configuration.";
      this.#say([text, advice].join("\n"), this.#ownLevel, subject.urn);
    }
    for (const { path, subject: of } of this.#unknowns.values()) this.#tellUnknown(path, of);
  }

  get #ownLevel(): Level | undefined {
    return this.#settings.level === "disabled" ? undefined : this.#settings.level;
  }

  #tellUnknown(path: string, subject: Subject): void {
    const { unknowns } = this.#settings;
    const of = this.#rule.scope === "stack" ? ` of ${subject.name} (${subject.type})` : "";
    this.#tell(
      `${path}${of} is not known yet, so ${this.#rule.name} could not judge it${consequence(this.#rule.scope, unknowns)}.`,
      "To have it judged in the preview, give it a value that does not depend on a resource still to be created.",
      unknowns === "report" ? "advisory" : this.#ownLevel,
      subject,
    );
  }

  #tell(text: string, advice: string, level: Level | undefined, subject: Subject): void {
    if (this.#told.has(`${subject.urn} ${text}`)) return;
    this.#told.add(`${subject.urn} ${text}`);
    const { exemptions, annotationExemptions } = this.#settings;
    const own = annotationExemptions ? annotated(this.#rule.name, subject) : undefined;
    const seen = own === undefined || own instanceof Unknown ? [] : [own];
    const { by, faults } = ruleOn(this.#rule.name, [...seen, ...exemptions], subject, text);
    if (by !== undefined) {
      this.#say(`Exempt until ${by.expires} (${by.reason}): ${text}`, "advisory", subject.urn);
      return;
    }
    if (own instanceof Unknown) faults.push(`Its exemption (${own.path}) is not known yet.`);
    this.#say([text, ...faults, advice].join("\n"), level, subject.urn);
  }
}

function consequence(scope: "resource" | "stack", unknowns: OnUnknown): string {
  if (scope === "stack") return unknowns === "report" ? "" : ", and after the update it would be too late";
  return unknowns === "report"
    ? "; the update will, before it changes anything there"
    : ", and lets through only what it sees";
}
