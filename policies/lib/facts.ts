import type { ResourceValidationPolicy, Severity } from "@pulumi/policy";
import { exemptionsSchema } from "./exemptions.ts";

/** The schema of one key of a rule's configuration, in the part of JSON schema that Pulumi has. */
export type ConfigSchema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"][string];

/** What a violation does: stops the preview and the update, or is told only. */
export type Level = "mandatory" | "advisory";

/** What a rule does about a value that it can't see yet. */
export type OnUnknown = "report" | "fail";

/** What every rule says of itself, whether it judges resources or the stack. `C` is its own configuration. */
export interface RuleFacts<C extends object> {
  /** Unique in the pack; also the key of the rule's configuration. */
  name: string;
  displayName: string;
  severity: Severity;
  /**
   * What a violation does where nothing is configured. Say in a comment why a rule is advisory.
   *
   * @default "mandatory"
   */
  level?: Level;
  /** What the rule demands, in a sentence. */
  demands: string;
  /** What goes wrong without it. */
  why: string;
  /** What to change. Stands below each violation. */
  fix: string;
  /** One schema for each key of `C`, each with the default that applies when nothing is configured. */
  config: { [K in keyof C]: ConfigSchema & { default: C[K] } };
  /**
   * What the rule does about a value that is not known in a preview, where nothing is configured: "report" advises,
   * "fail" treats it as a violation.
   *
   * @default "report" for rules on resources, which the update judges before it creates them; "fail" for rules on
   * the stack, which the update judges when it is too late
   */
  unknowns?: OnUnknown;
}

/** The part of a Pulumi policy that says what the rule is, the same for rules on resources and on the stack. */
export function describe<C extends object>(facts: RuleFacts<C>, unknowns: OnUnknown) {
  return {
    name: facts.name,
    displayName: facts.displayName,
    description: `${facts.demands} ${facts.why}`,
    remediationSteps: facts.fix,
    severity: facts.severity,
    enforcementLevel: facts.level ?? ("mandatory" as const),
    configSchema: { properties: schemasOf(facts, unknowns) },
  };
}

/** The schemas of a rule's own keys and of those that every rule has. */
export function schemasOf<C extends object>(
  facts: RuleFacts<C>,
  unknowns: OnUnknown,
): Record<string, ConfigSchema> {
  const own: Record<string, ConfigSchema> = { ...facts.config };
  const unknownsSchema: ConfigSchema = {
    type: "string",
    enum: ["report", "fail"],
    default: unknowns,
    description:
      "A value that is not known in a preview: 'report' advises and leaves the judgement to the update; 'fail' " +
      "treats it as a violation.",
  };
  const inStack = Object.entries({ ...own, unknowns: unknownsSchema, exemptions: exemptionsSchema });
  return {
    ...own,
    unknowns: unknownsSchema,
    exemptions: exemptionsSchema,
    annotationExemptions: {
      type: "boolean",
      default: facts.severity !== "critical",
      description:
        "Whether a Kubernetes object may exempt itself by annotation; from critical rules by default it may not. Set false where those who write the " +
        "workloads are not those who may decide.",
    },
    stacks: {
      type: "object",
      default: {},
      additionalProperties: {
        type: "object",
        properties: {
          ...Object.fromEntries(inStack.map(([key, schema]) => [key, withoutDefault(schema)])),
          enforcementLevel: { type: "string", enum: ["mandatory", "advisory", "disabled"] },
        },
        additionalProperties: false,
      },
      description:
        "What is different in some stacks, by name or by project/name, * for any characters: enforcementLevel and any " +
        "key of the rule. Later ones come over earlier ones, and exemptions on top of the others.",
    },
  };
}

function withoutDefault({ default: _, ...schema }: ConfigSchema): ConfigSchema {
  return schema;
}
