import { readFile, writeFile } from "node:fs/promises";

/** What one `pulumi` command did, as its events tell it. */
export interface EventSummary {
  /** Operations by kind, for example `{create: 41, same: 2}`. */
  changes: Record<string, number>;
  /** Resources whose operation is not `same`, `read` or `refresh`, as `op type name`. */
  changed: string[];
  /** Resources whose operation was begun and never ended, as `op type name`: what a broken off command waited for. */
  unfinished: string[];
  /** Properties that differed, as `type name: properties`; after a refresh, what it found changed. */
  differences: string[];
  violations: PolicyViolation[];
  /** Name and version of each policy pack that ran. */
  policyPacks: Record<string, string>;
  /** The engine's error messages, without colour codes. */
  errors: string[];
}

/** A policy's verdict on one resource. */
export interface PolicyViolation {
  policy: string;
  level: string;
  urn: string;
  message: string;
}

/** The parts of the engine's events that are read here. Source: pulumi/sdk, go/common/apitype/events.go. */
interface EngineEvent {
  summaryEvent?: { resourceChanges?: Record<string, number>; PolicyPacks?: Record<string, string> };
  resourcePreEvent?: { metadata: { op: string; type: string; urn: string } };
  resOutputsEvent?: { metadata: { op: string; type: string; urn: string; diffs?: string[] | null } };
  resOpFailedEvent?: { metadata: { urn: string } };
  policyEvent?: { policyName: string; enforcementLevel: string; resourceUrn?: string; message: string };
  diagnosticEvent?: { severity: string; message: string };
}

/**
 * Reads an event log and leaves it without the engine's debug messages: those, unlike everything that
 * Pulumi shows, hold secrets in clear text.
 */
export async function readEvents(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.flatMap((line) => {
    try {
      const event = JSON.parse(line) as EngineEvent;
      return event.diagnosticEvent?.severity === "debug" ? [] : [event];
    } catch {
      // The engine was killed in the middle of its last line.
      return [];
    }
  });
  await writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return events;
}

/** Reads a command's events: what changed, what policies said, what went wrong. */
export function summarise(events: readonly EngineEvent[]): EventSummary {
  const quiet = new Set(["same", "read", "refresh"]);
  const summary = events.findLast((event) => event.summaryEvent)?.summaryEvent;
  return {
    changes: summary?.resourceChanges ?? {},
    policyPacks: summary?.PolicyPacks ?? {},
    changed: events.flatMap(({ resourcePreEvent: event }) =>
      event && !quiet.has(event.metadata.op) ? [operation(event)] : [],
    ),
    unfinished: unfinished(events),
    differences: events.flatMap(({ resOutputsEvent: event }) =>
      event?.metadata.diffs?.length
        ? [
            `${event.metadata.type} ${event.metadata.urn.split("::").at(-1)}: ${event.metadata.diffs.toSorted().join(", ")}`,
          ]
        : [],
    ),
    violations: events.flatMap(({ policyEvent: event }) =>
      event
        ? [
            {
              policy: event.policyName,
              level: event.enforcementLevel,
              urn: event.resourceUrn ?? "",
              message: plain(event.message),
            },
          ]
        : [],
    ),
    errors: events.flatMap(({ diagnosticEvent: event }) =>
      event?.severity === "error" ? [plain(event.message)] : [],
    ),
  };
}

function operation({ metadata: { op, type, urn } }: NonNullable<EngineEvent["resourcePreEvent"]>): string {
  return `${op} ${type} ${urn.split("::").at(-1)}`;
}

/** A replacement has several operations on one URN, one after the other: the last one counts. */
function unfinished(events: readonly EngineEvent[]): string[] {
  const begun = new Map<string, string>();
  for (const { resourcePreEvent, resOutputsEvent, resOpFailedEvent } of events) {
    if (resourcePreEvent) {
      begun.set(resourcePreEvent.metadata.urn, operation(resourcePreEvent));
    }
    begun.delete((resOutputsEvent ?? resOpFailedEvent)?.metadata.urn ?? "");
  }
  return [...begun.values()];
}

/** The engine's messages carry its own colour marks, such as `<{%reset%}>`. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
