import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Container, Pod, Role } from "./containers.ts";
import { holdsPods, podsOf } from "./pods.ts";
import { type Findings, type RuleArgs, rule } from "./rule.ts";

/** What a rule about pods is made of. */
export interface PodRuleArgs<C extends object> extends Omit<RuleArgs<C>, "applies" | "check"> {
  /** Judges one pod, or pod template. It isn't asked about one that is hidden as a whole. */
  checkPod(pod: Pod, config: C, found: Findings): void;
}

/** Makes the policy that looks at each pod of each resource that holds some. */
export function podRule<C extends object>(args: PodRuleArgs<C>): ResourceValidationPolicy {
  const { checkPod, ...rest } = args;
  return rule<C>({
    ...rest,
    applies: holdsPods,
    check({ type, props }, config, found) {
      for (const pod of podsOf(type, props)) {
        for (const hidden of pod.hidden) found.unknown(hidden);
        if (!pod.hidden.some((hidden) => hidden === pod.spec)) checkPod(pod, config, found);
      }
    },
  });
}

/** What a rule about containers is made of. */
export interface ContainerRuleArgs<C extends object> extends Omit<RuleArgs<C>, "applies" | "check"> {
  /** The containers that the rule looks at. @default all but ephemeral ones, for which Kubernetes takes no resources */
  roles?: readonly Role[];
  /** Judges one container. */
  checkContainer(container: Container, pod: Pod, config: C, found: Findings): void;
}

/** Containers that run in a pod from its beginning. */
const LASTING: readonly Role[] = ["main", "init", "sidecar"];
/** Every container, those included that somebody adds to a running pod. */
export const ALL_ROLES: readonly Role[] = [...LASTING, "ephemeral"];

/** Makes the policy that looks at each container of each resource that holds pods. */
export function containerRule<C extends object>(args: ContainerRuleArgs<C>): ResourceValidationPolicy {
  const { checkContainer, roles = LASTING, ...rest } = args;
  return podRule<C>({
    ...rest,
    checkPod(pod, config, found) {
      for (const container of pod.containers) {
        if (roles.includes(container.role)) checkContainer(container, pod, config, found);
      }
    },
  });
}
