import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import type { Subject } from "./exemptions.ts";
import { describe, type RuleFacts, schemasOf } from "./facts.ts";
import { Judgement } from "./judgement.ts";
import { subjectOf, teller } from "./rule.ts";
import { seenInputs, settled } from "./seenInputs.ts";
import { placeOf, settingsFor } from "./settings.ts";
import type { Unknown } from "./unknown.ts";

/**
 * A resource as a rule on the stack sees it: its outputs, and its inputs where those are not known. An output that is
 * no input, and that a preview doesn't know, is not set.
 */
export interface StackResource extends Subject {
  /** URNs of the resources that this one depends on. */
  dependencies: readonly string[];
  /** URN of the component that it is a part of. */
  parent: string | undefined;
}

/** How a rule on the stack tells what it found. */
export interface StackFindings {
  /** Reports what is wrong, about one resource, or about the stack as a whole. */
  violation(text: string, resource?: StackResource): void;
  /**
   * Reports a value that the rule needs and that is not known yet. Call it only where the value can matter: in a
   * preview it is a violation, because the update asks rules on the stack when everything is made.
   */
  unknown(value: Unknown, resource: StackResource): void;
}

/** What a rule about the stack as a whole is made of. */
export interface StackRuleArgs<C extends object> extends RuleFacts<C> {
  /** Judges all resources of the stack. */
  check(resources: readonly StackResource[], config: C, found: StackFindings): void;
}

/** Makes the policy that Pulumi runs from one rule about the stack as a whole. */
export function stackRule<C extends object>(args: StackRuleArgs<C>): StackValidationPolicy {
  const unknowns = args.unknowns ?? "fail";
  const schemas = schemasOf(args, unknowns);
  return {
    ...describe(args, unknowns),
    validateStack: ({ resources, getConfig }, report) => {
      const [first] = resources;
      if (first === undefined) return;
      const settings = settingsFor(args.name, schemas, getConfig<object>(), first.urn);
      if (settings.level === "disabled") return;
      const whole = stackSubject(first.urn);
      const judgement = new Judgement({ ...args, scope: "stack" }, settings, teller(report));
      judgement.run(() => {
        args.check(resources.map(seen), settings.own as C, {
          violation: (text, resource) => judgement.violation(text, resource ?? whole),
          unknown: (value, resource) => judgement.unknown(value, resource),
        });
      }, whole);
    },
  };
}

function seen(resource: PolicyResource): StackResource {
  const subject = subjectOf(resource);
  const { urn, props } = subject;
  return {
    ...subject,
    props: seenInputs.has(urn) ? settled(props, seenInputs.get(urn)) : props,
    dependencies: (resource.dependencies ?? []).map(({ urn }) => urn),
    parent: resource.parent?.urn,
  };
}

/** What stands for the stack as a whole: the resource that Pulumi itself has for it. */
function stackSubject(urn: string): Subject {
  const { stack, project } = placeOf(urn);
  const name = `${project}-${stack}`;
  const type = "pulumi:pulumi:Stack";
  return { type, name, urn: `urn:pulumi:${stack}::${project}::${type}::${name}`, props: {} };
}
