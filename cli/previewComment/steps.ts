import { exitCodes, UserError } from "../userError.ts";
import { withRefreshed } from "./refreshed.ts";

/** A resource before or after a step, as the engine writes it; secrets are masked in it. */
export interface State {
  type: string;
  urn: string;
  parent?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  /** It is only waiting for its deletion. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** What the engine would do to one resource. */
export interface Step {
  op: string;
  urn: string;
  old?: State;
  new?: State;
  /** Properties because of which it would be replaced. */
  keys: string[];
  /** Paths of the properties that would change. */
  properties: string[];
  /** Of a refresh: those of the paths that are new, and weren't there before. */
  added?: string[];
  /** A refresh found that it isn't there any more. */
  gone?: true;
}

/** A policy's verdict. */
export interface Violation {
  policy: string;
  /** "mandatory" ends the preview with an error, "advisory" doesn't. */
  level: string;
  urn: string;
  message: string;
}

/** A preview as the engine tells it. */
export interface Preview {
  steps: Step[];
  /** Absent when the file doesn't say: only a stream of events has them. */
  policies?: { packs: Record<string, string>; violations: Violation[] };
  errors: string[];
  warnings: string[];
  /** Whether the engine got to the end; what breaks off has no summary. */
  ended: boolean;
}

/** Source: pulumi/pulumi v3.230.0, sdk/go/common/apitype/events.go. */
interface Metadata {
  op: string;
  urn: string;
  old?: State | null;
  new?: State | null;
  keys?: string[] | null;
  diffs?: string[] | null;
  detailedDiff?: Record<string, { diffKind?: string }> | null;
}
interface EngineEvent {
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
  policyEvent?: { policyName: string; enforcementLevel: string; resourceUrn?: string; message: string };
  diagnosticEvent?: { severity: string; message: string; prefix?: string; urn?: string; ephemeral?: boolean };
  summaryEvent?: { PolicyPacks?: Record<string, string> | null };
}

/** Source: the same, sdk/go/common/display/digest.go. */
interface Digest {
  steps?: {
    op: string;
    urn: string;
    oldState?: State;
    newState?: State;
    diffReasons?: string[];
    replaceReasons?: string[];
    detailedDiff?: Record<string, object> | null;
  }[];
  diagnostics?: { severity?: string; message?: string; prefix?: string; urn?: string }[];
  changeSummary?: Record<string, number>;
}

/**
 * Reads what `pulumi preview --json` printed: events, one a line, where PULUMI_ENABLE_STREAMING_JSON_PREVIEW was
 * set, else one document, which leaves out what policies said.
 *
 * @throws {UserError} when it is neither
 */
export function readPreview(text: string, where: string): Preview {
  const digest = asDigest(text);
  if (digest) return fromDigest(digest);
  const lines = text.split("\n").filter((line) => line.trim().startsWith("{"));
  const events = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as EngineEvent & { sequence?: number }];
    } catch {
      // The engine was killed in the middle of its last line.
      return [];
    }
  });
  if (!events.some(({ sequence }) => typeof sequence === "number")) {
    throw new UserError(
      `${where} is no preview; write one with: ` +
        `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json > ${where}`,
      exitCodes.usage,
    );
  }
  return fromEvents(events);
}

function asDigest(text: string): Digest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "changeSummary" in value
      ? (value as Digest)
      : undefined;
  } catch {
    return undefined;
  }
}

function fromEvents(events: readonly EngineEvent[]): Preview {
  const steps: Step[] = [];
  const asked = new Set<string>();
  const found = new Map<string, Step>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    if (resourcePreEvent) {
      const { metadata } = resourcePreEvent;
      if (metadata.op === "refresh") asked.add(metadata.urn);
      else steps.push(stepOf(metadata));
    } else if (resOutputsEvent && asked.delete(resOutputsEvent.metadata.urn)) {
      // A refresh tells only at its end what it found.
      found.set(resOutputsEvent.metadata.urn, stepOf(resOutputsEvent.metadata));
    }
  }
  const diagnostics = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent && !diagnosticEvent.ephemeral ? [diagnosticEvent] : [],
  );
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  return {
    steps: withRefreshed(steps, found),
    policies: {
      packs: summary?.PolicyPacks ?? {},
      violations: events.flatMap(({ policyEvent: event }) =>
        event
          ? [
              {
                policy: event.policyName,
                level: event.enforcementLevel,
                urn: event.resourceUrn ?? "",
                message: withoutMarks(event.message),
              },
            ]
          : [],
      ),
    },
    ...messagesOf(diagnostics),
    ended: summary !== undefined,
  };
}

function fromDigest({ steps = [], diagnostics = [], changeSummary }: Digest): Preview {
  return {
    steps: steps.map(({ oldState, newState, replaceReasons, diffReasons, ...step }) =>
      stepOf({ ...step, old: oldState, new: newState, keys: replaceReasons, diffs: diffReasons }),
    ),
    ...messagesOf(diagnostics),
    ended: changeSummary !== undefined,
  };
}

function stepOf({ op, urn, old, new: next, keys, diffs, detailedDiff }: Metadata): Step {
  const detailed = Object.entries(detailedDiff ?? {});
  return {
    op,
    urn,
    ...(old ? { old } : {}),
    ...(next ? { new: next } : {}),
    keys: keys ?? [],
    properties: detailed.length > 0 ? detailed.map(([path]) => path) : (diffs ?? []),
    added: detailed.filter(([, { diffKind }]) => diffKind === "add").map(([path]) => path),
  };
}

function messagesOf(diagnostics: readonly { severity?: string; message?: string; prefix?: string }[]) {
  const of = (severity: string) =>
    diagnostics.flatMap((each) => {
      const text = withoutMarks(each.message ?? "");
      return each.severity === severity && text !== "" && !AMBIENT.test(text) ? [text] : [];
    });
  return { errors: [...new Set(of("error"))], warnings: [...new Set(of("warning"))] };
}

/** Where plugins come from is no news of the stack; PULUMI_IGNORE_AMBIENT_PLUGINS decides it. */
const AMBIENT = /^using pulumi-\S+ from \$PATH at /;

/** The engine's messages carry its own colour marks, such as `<{%reset%}>`. */
function withoutMarks(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
