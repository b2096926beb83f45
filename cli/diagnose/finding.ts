import { type Cluster, duration, lastSeen, timesOf } from "./cluster.ts";
import type { Condition, KubeEvent, KubeObject } from "./objects.ts";
import type { Role, Subject } from "./subject.ts";

/** Something that was seen. */
export interface Evidence {
  /** The object, such as "pod models/phi-0". */
  object: string;
  /** The field, condition or event of it. */
  field?: string;
  /** What it says. */
  value?: string;
  /** How often, for an event. */
  count?: number;
}

/** What to do next: in words, with the command to type where there is one. */
export interface Step {
  text: string;
  command?: string;
}

/** Why a subject isn't ready, as far as one cause can tell. */
export interface Finding {
  /** One sentence for people. */
  summary: string;
  /** From 0 to 1: how likely it is that this keeps the subject from being ready. */
  likelihood: number;
  evidence: Evidence[];
  next: Step[];
}

/** A reason for which a subject may not be ready. */
export interface Cause {
  readonly id: string;
  /** What it can apply to. */
  readonly roles: readonly Role[];
  /** The causes that follow from it, and are shown as its consequences. */
  readonly explains?: readonly string[];
  /** Looked for in subjects that are ready, too, of which it spoils the use. */
  readonly warns?: true;
  /** Not worth a word beside a cause that explains it. */
  readonly lastResort?: true;
  /** Looked for in subjects that are being deleted, for which most others don't matter any more. */
  readonly ofDeletion?: true;
  readonly judge: (cluster: Cluster, subject: Subject) => Finding | undefined;
}

/** How an object is named in evidence. */
export function ref(kind: string, { metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}

export function ofCondition(object: string, { type, status, reason, message }: Condition): Evidence {
  const words = [reason, message].filter(Boolean).join(": ");
  return { object, field: `condition ${type}=${status}`, value: words };
}

export function ofEvent(cluster: Cluster, event: KubeEvent): Evidence {
  const { kind = "object", namespace, name = "" } = event.involvedObject;
  const age = cluster.age(lastSeen(event));
  return {
    object: `${kind.toLowerCase()} ${namespace ? `${namespace}/` : ""}${name}`,
    field: `event ${event.reason ?? ""}${age === undefined ? "" : `, ${duration(age)} ago`}`,
    value: (event.message ?? "").trim(),
    count: timesOf(event),
  };
}

/** The kubectl that shows everything about an object. */
export function describe(kind: string, { metadata: { namespace, name } }: KubeObject): string {
  return `kubectl ${namespace ? `-n ${namespace} ` : ""}describe ${kind} ${name}`;
}

/** "a, b and 3 more". */
export function some(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}

/** "1 node", "2 nodes". */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
