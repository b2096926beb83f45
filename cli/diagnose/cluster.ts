import type { KindKey, Kinds } from "./kinds.ts";
import type { KubeEvent, KubeObject } from "./objects.ts";
import type { LogTail, McpAnswer, SecretFacts, Snapshot } from "./snapshot.ts";

/**
 * Questions to a snapshot. `undefined` always means that it isn't known, which is not the same as "none": a cause
 * that concludes from the absence of something must have read where it would be.
 */
export class Cluster {
  readonly snapshot: Snapshot;
  readonly #now: number;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#now = Date.parse(snapshot.takenAt);
  }

  /** All objects of a kind, in one namespace or in all. */
  list<K extends KindKey>(kind: K, namespace?: string): readonly Kinds[K][] | undefined {
    const { items, state, namespaces = [] } = this.snapshot.lists[kind];
    const known =
      state === "read" ||
      state === "absent" ||
      (state === "partial" && namespace !== undefined && namespaces.includes(namespace));
    if (!known) return undefined;
    return namespace === undefined ? items : items.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** Those objects of a kind that were read, be it all or not: for evidence, not for conclusions from absence. */
  seen<K extends KindKey>(kind: K): readonly Kinds[K][] {
    return this.snapshot.lists[kind].items;
  }

  /** An object; null when it surely isn't there. */
  find<K extends KindKey>(kind: K, namespace: string | undefined, name: string): Kinds[K] | null | undefined {
    return (
      this.seen(kind).find(
        ({ metadata }) => metadata.name === name && (metadata.namespace ?? "") === (namespace ?? ""),
      ) ?? (this.list(kind, namespace) === undefined ? undefined : null)
    );
  }

  /** Whether the API doesn't know a kind at all. */
  isAbsent(kind: KindKey): boolean {
    return this.snapshot.lists[kind].state === "absent";
  }

  /** The events about an object, latest first. Events last an hour: that there is none says nothing. */
  events(kind: string, { metadata }: KubeObject): KubeEvent[] {
    return this.seen("events")
      .filter(
        ({ involvedObject: about }) =>
          about.kind === kind &&
          about.name === metadata.name &&
          (about.namespace ?? "") === (metadata.namespace ?? "") &&
          // A pod's name comes again with the next pod of a StatefulSet; a kubelet gives a node's name as its uid.
          (kind !== "Pod" || about.uid === undefined || about.uid === metadata.uid),
      )
      .sort((a, b) => eventTime(b) - eventTime(a));
  }

  secret(namespace: string, name: string): SecretFacts {
    return this.snapshot.secrets[`${namespace}/${name}`] ?? { state: "unknown" };
  }

  /** How an MCP server answered, when it was asked. */
  mcpAnswer({ namespace, name }: { namespace: string; name: string }): McpAnswer | undefined {
    return this.snapshot.mcpAnswers?.[`${namespace}/${name}`];
  }

  /** Why the guard in a pod isn't ready, when it says so. */
  guardReason({ metadata: { namespace, name } }: KubeObject): string | undefined {
    return this.snapshot.guardReasons?.[`${namespace}/${name}`];
  }

  /** The logs of a pod's containers that were read. */
  logs({ metadata }: KubeObject): LogTail[] {
    return this.snapshot.logs.filter(
      ({ namespace, pod }) => namespace === metadata.namespace && pod === metadata.name,
    );
  }

  /** Seconds since a timestamp. */
  age(timestamp: string | undefined): number | undefined {
    const then = Date.parse(timestamp ?? "");
    return Number.isNaN(then) ? undefined : Math.max(0, (this.#now - then) / 1000);
  }

  /** The same in words. */
  since(timestamp: string | undefined): string {
    const age = this.age(timestamp);
    return age === undefined ? "" : duration(age);
  }
}

/** How often an event happened. */
export function timesOf({ count, series }: KubeEvent): number {
  return series?.count ?? count ?? 1;
}

/** When an event happened last. */
export function lastSeen({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: KubeEvent): string {
  return (
    series?.lastObservedTime ??
    lastTimestamp ??
    eventTime ??
    firstTimestamp ??
    metadata.creationTimestamp ??
    ""
  );
}

function eventTime(event: KubeEvent): number {
  return Date.parse(lastSeen(event)) || 0;
}

/** Seconds in words: "40 s", "12 min", "3 h", "2 d". */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}
