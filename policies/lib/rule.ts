import type { EnforcementLevel, ReportViolation, ResourceValidationPolicy, Severity } from "@pulumi/policy";
import { reveal, type Unknown } from "./unknown.ts";

type ConfigSchema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"][string];

/** How a rule tells what it found in one resource. */
export interface Findings {
  /** Reports what is wrong, at the rule's own enforcement level. */
  violation(text: string): void;
  /** Reports a value that the rule needs and that is not known yet; the same one twice counts once. */
  unknown(value: Unknown): void;
}

/** What one rule is made of. `C` is its configuration. */
export interface RuleArgs<C extends object> {
  /** Unique in the pack; also the key of the rule's configuration. */
  name: string;
  displayName: string;
  severity: Severity;
  /** What the rule demands, and why. */
  description: string;
  /** What to change. Stands below each violation. */
  fix: string;
  /** One schema for each key of `C`, each with the default that applies when nothing is configured. */
  config: { [K in keyof C]: ConfigSchema & { default: C[K] } };
  /** Whether the rule looks at resources of this Pulumi type. */
  applies(type: string): boolean;
  /** Judges one resource. `props` are its inputs, with `Unknown` where a value is not known yet. */
  check(type: string, props: unknown, config: C, found: Findings): void;
}

/** What a rule does about a value that it can't see yet. */
export type OnUnknown = "report" | "fail";

const unknowns: ConfigSchema & { default: OnUnknown } = {
  type: "string",
  enum: ["report", "fail"],
  default: "report",
  description:
    "A value that is not known in a preview: 'report' advises and leaves the judgement to the update, which " +
    "knows the value; 'fail' treats it as a violation.",
};

/**
 * Makes the policy that Pulumi runs from one rule.
 *
 * Unknown values exist only while previewing. They are advisory by default because `pulumi up` previews
 * first: as violations they would make the first deployment of most stacks impossible.
 */
export function rule<C extends object>(args: RuleArgs<C>): ResourceValidationPolicy {
  const schemas: Record<string, ConfigSchema> = { ...args.config, unknowns };
  const defaults = Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, schema.default]));
  return {
    name: args.name,
    displayName: args.displayName,
    description: args.description,
    remediationSteps: args.fix,
    severity: args.severity,
    enforcementLevel: "mandatory",
    configSchema: { properties: schemas },
    validateResource: (resource, report) => {
      if (!args.applies(resource.type)) return;
      const config = { ...defaults, ...resource.getConfig<object>() } as C & { unknowns: OnUnknown };
      const hidden = new Set<string>();
      args.check(resource.type, reveal(resource.props), config, {
        violation: (text) => say(report, `${text}\n${args.fix}`),
        unknown: ({ path }) => hidden.add(path),
      });
      const level = config.unknowns === "report" ? "advisory" : undefined;
      for (const path of hidden) say(report, unknownText(path, args.name), level);
    },
  };
}

function unknownText(path: string, name: string): string {
  return (
    `${path} is not known yet, so ${name} could not judge it; the update will, before it changes anything ` +
    "there.\nTo have it judged in the preview, give it a value that does not depend on a resource still to " +
    "be created."
  );
}

/**
 * Reports a text at a level of its own, by default the rule's. A plain text would stand below the rule's whole
 * description, and could not be advisory; the SDK takes an object too, though its type doesn't say so.
 */
function say(report: ReportViolation, message: string, enforcementLevel?: EnforcementLevel): void {
  const reportObject = report as unknown as (violation: object) => void;
  reportObject({ message, enforcementLevel });
}
