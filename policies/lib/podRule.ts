import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Container, Pod } from "./containers.ts";
import { holdsPods, podsOf } from "./pods.ts";
import { type Findings, type RuleArgs, rule } from "./rule.ts";

/** What a rule about containers is made of. */
export interface ContainerRuleArgs<C extends object> extends Omit<RuleArgs<C>, "applies" | "check"> {
  /** Judges one container, init container or sidecar. */
  checkContainer(container: Container, pod: Pod, config: C, found: Findings): void;
}

/** Makes the policy that looks at each container of each resource that holds pods. */
export function containerRule<C extends object>(args: ContainerRuleArgs<C>): ResourceValidationPolicy {
  const { checkContainer, ...rest } = args;
  return rule<C>({
    ...rest,
    applies: holdsPods,
    check({ type, props }, config, found) {
      for (const pod of podsOf(type, props)) {
        for (const hidden of pod.hidden) found.unknown(hidden);
        for (const container of pod.containers) checkContainer(container, pod, config, found);
      }
    },
  });
}
