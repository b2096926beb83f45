/** Which requests a rule counts; what is left out matches all. */
export interface Match {
  /** HTTP method, or several. */
  method?: string | readonly string[];
  /** ARM type, for example `Microsoft.ContainerService/managedClusters`; case doesn't matter. */
  type?: string;
  /** What a POST asks of the resource, for example `generateCredentials`; case doesn't matter. */
  action?: string;
  /** Regular expression for the resource's name. */
  name?: string;
  /** Regular expression for `properties.vmSize` of the body. */
  vmSize?: string;
}

/**
 * What happens to a request that a rule hits. Texts may name `{name}`, `{group}`, `{location}`, `{principal}`,
 * `{tenant}`, `{subscription}` and the caller as `{client}` and `{caller}`.
 */
export type Effect =
  /** An error instead of an answer; nothing is done. */
  | { kind: "error"; status: number; code: string; message: string; headers?: Record<string, string> }
  /** AKS's quota refusal with the figures of the request's own pool. */
  | { kind: "family-quota" }
  /** The operation starts, and ends as Failed. */
  | { kind: "fail-operation"; code: string; message: string }
  /** An action that may take long is answered with 202; its result is where Location says. */
  | { kind: "later" }
  /** The answer comes later. */
  | { kind: "delay"; ms: number }
  /** The connection is cut without an answer. */
  | { kind: "reset" };

/** One fault. Each rule counts by itself, calls that another rule has answered included. */
export interface Rule {
  on: Match;
  /** First matching call that it hits, counted from 1. @default 1 */
  nth?: number;
  /** How many calls in a row it hits; 0 is all from then on. @default 1 */
  times?: number;
  /** Chance of a hit from 0 to 1, drawn from the seed. @default 1 */
  probability?: number;
  effect: Effect;
}

/** A named state of Azure: faults by call, other limits, other offers. */
export interface Scenario {
  name: string;
  description: string;
  rules?: readonly Rule[];
  /** Limits by region (`*` is every region) and usage name (`gpu` is every GPU family). */
  quotas?: Record<string, Record<string, number>>;
  /** Sizes (regular expression) that the subscription may not use, by region (`*` is every region). */
  restricted?: Record<string, string>;
}
