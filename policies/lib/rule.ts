import type {
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
} from "@pulumi/policy";
import type { Subject } from "./exemptions.ts";
import { describe, type Level, type RuleFacts, schemasOf } from "./facts.ts";
import { Judgement } from "./judgement.ts";
import { settingsFor } from "./settings.ts";
import { reveal, type Unknown } from "./unknown.ts";

/** A resource as a rule sees it: its inputs, before it is created or changed. */
export interface SeenResource extends Subject {
  opts: PolicyResourceOptions;
}

/** How a rule tells what it found in one resource. */
export interface Findings {
  /** Reports what is wrong, at the rule's own enforcement level. */
  violation(text: string): void;
  /** Reports a value that the rule needs and that is not known yet; the same one twice counts once. */
  unknown(value: Unknown): void;
}

/** What a rule about single resources is made of. */
export interface RuleArgs<C extends object> extends RuleFacts<C> {
  /** Whether the rule looks at resources of this Pulumi type. */
  applies(type: string): boolean;
  /** Judges one resource. */
  check(resource: SeenResource, config: C, found: Findings): void;
}

/**
 * Makes the policy that Pulumi runs from one rule about single resources.
 *
 * Unknown values exist only while previewing. They are advisory by default because `pulumi up` previews first: as
 * violations they would make the first deployment of most stacks impossible. The update knows every value, and asks
 * the rule before it creates or changes the resource. A rule whose values are always written down sets "fail".
 */
export function rule<C extends object>(args: RuleArgs<C>): ResourceValidationPolicy {
  const unknowns = args.unknowns ?? "report";
  const schemas = schemasOf(args, unknowns);
  return {
    ...describe(args, unknowns),
    validateResource: (resource, report) => {
      const settings = settingsFor(args.name, schemas, resource.getConfig<object>(), resource.urn);
      if (settings.level === "disabled" || !args.applies(resource.type)) return;
      const seen = { ...subjectOf(resource), opts: resource.opts };
      const judgement = new Judgement({ ...args, scope: "resource" }, settings, teller(report));
      const found: Findings = {
        violation: (text) => judgement.violation(text, seen),
        unknown: (value) => judgement.unknown(value, seen),
      };
      judgement.run(() => args.check(seen, settings.own as C, found), seen);
    },
  };
}

/** What of a resource every kind of rule looks at. */
export function subjectOf({ type, name, urn, props }: Pick<ResourceValidationArgs, keyof Subject>): Subject {
  return { type, name, urn, props: reveal(props) };
}

/**
 * Reports a text at a level of its own, by default the rule's. A plain text would stand below the rule's whole
 * description, and could not be advisory; the SDK takes an object too, though its type doesn't say so.
 */
export function teller(report: ReportViolation) {
  const reportObject = report as unknown as (violation: object) => void;
  return (message: string, enforcementLevel: Level | undefined, urn: string) =>
    reportObject({ message, enforcementLevel, urn });
}
