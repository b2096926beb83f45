import { type Exemption, exemptionUse, useKey } from "./exemptions.ts";
import type { ConfigSchema, Level, OnUnknown } from "./facts.ts";
import { glob } from "./glob.ts";

/** A rule's configuration as it holds in one stack. */
export interface RuleSettings {
  /** The rule's own keys. */
  own: object;
  unknowns: OnUnknown;
  exemptions: readonly Exemption[];
  annotationExemptions: boolean;
  /** The stack's own level, where it has one. */
  level?: Level | "disabled";
  /** What is wrong with the configuration, which Pulumi lets through: it knows no closed schemas. */
  faults: string[];
}

type Given = Record<string, unknown> & {
  unknowns: OnUnknown;
  exemptions: Exemption[];
  annotationExemptions: boolean;
  stacks: Record<string, Record<string, unknown> & { exemptions?: Exemption[]; enforcementLevel?: Level }>;
};

/** What of a rule's configuration holds in the stack of `urn`. `config` is what Pulumi hands to the rule. */
export function settingsFor(
  rule: string,
  schemas: Record<string, ConfigSchema>,
  config: object,
  urn: string,
): RuleSettings {
  const defaults = Object.entries(schemas).map(([key, schema]) => [key, schema.default]);
  const given = { ...Object.fromEntries(defaults), ...config } as Given;
  const { stack, project } = placeOf(urn);
  const holding = Object.entries(given.stacks)
    .filter(([pattern]) => glob(pattern).test(pattern.includes("/") ? `${project}/${stack}` : stack))
    .map(([, overrides]) => overrides);
  const inStack = Object.assign({}, ...holding);
  const { unknowns, exemptions: _, annotationExemptions, stacks: __, ...own } = { ...given, ...inStack };
  const { enforcementLevel, ...rest } = own as Record<string, unknown> & { enforcementLevel?: Level };
  const exemptions = [...given.exemptions, ...holding.flatMap((each) => each.exemptions ?? [])];
  for (const exemption of exemptions)
    exemptionUse.configured.set(useKey(rule, exemption), { rule, exemption });
  return {
    own: rest,
    unknowns,
    exemptions,
    annotationExemptions,
    level: enforcementLevel,
    faults: Object.keys(config)
      .filter((key) => !Object.hasOwn(schemas, key))
      .map(
        (key) =>
          `The configuration of ${rule} has no key ${key}; it knows ${Object.keys(schemas).join(", ")}.`,
      ),
  };
}

/** The stack and the project that a URN names: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function placeOf(urn: string): { stack: string; project: string } {
  const [prefix = "", project = ""] = urn.split("::");
  return { stack: prefix.split(":").at(-1) ?? "", project };
}
