/** A resource of a fixture: what a program would register. */
export interface Fixture {
  /** Unique in its program, so begin it with the rule's name: `image-tags-latest`. */
  name: string;
  /** Pulumi's type token, for example `kubernetes:apps/v1:Deployment`. */
  type: string;
  props: Record<string, unknown>;
  /** Names of fixtures of the same list that it depends on. */
  dependsOn?: string[];
  /** In `bad`: stands by, and is not what the rule reports. @default false */
  bystander?: boolean;
}

/**
 * The fixtures of one rule. All `bad` ones are one program, all `good` ones another; both are judged by the whole
 * pack, here and through the real engine. A rule must report each of its bad fixtures and nothing else of either
 * program, so a fixture is at fault in one thing only, and what a rule on the stack looks for must not be met by
 * another rule's fixtures: give it a namespace, a cluster or a resource group of its own.
 */
export interface Case {
  rule: string;
  /** The rule's configuration in both programs. @default {} */
  config?: object;
  bad: Fixture[];
  good: Fixture[];
}
