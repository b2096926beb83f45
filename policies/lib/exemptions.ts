import type { ConfigSchema } from "./facts.ts";
import { glob } from "./glob.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

/** How many days ahead an exemption may expire. A longer one does not count. */
export const LONGEST_EXEMPTION_DAYS = 180;

/** The annotation by which a Kubernetes object is exempt from a rule: this, and the rule's name. */
export const EXEMPTION_ANNOTATION = "exempt.mcpaas.dev/";

/** What takes a resource out of one rule, for a while. */
export interface Exemption {
  /** The resource: its URN where this begins with `urn:`, else its name; `*` stands for any characters. A name of nothing but `*` does not count. */
  resource: string;
  /** Why the rule can't be met, for those who read it when it expires. */
  reason: string;
  /** The last day on which it counts, in UTC, as `2027-03-01`; at most 180 days ahead. */
  expires: string;
  /**
   * A part of the violation's text, for example `container "guard"`: others of the resource stand.
   *
   * @default every violation of the rule in the resource
   */
  finding?: string;
}

/** What rules know of a resource that they judge. */
export interface Subject {
  type: string;
  name: string;
  urn: string;
  /** The resource's properties, with `Unknown` where a value is not known yet. */
  props: unknown;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SHORTEST_REASON = 10;

/** The schema of the key `exemptions`, which every rule has. */
export const exemptionsSchema: ConfigSchema = {
  type: "array",
  default: [],
  items: {
    type: "object",
    properties: {
      resource: { type: "string", pattern: "[^*]" },
      reason: { type: "string", minLength: SHORTEST_REASON },
      expires: { type: "string", pattern: DATE.source },
      finding: { type: "string", minLength: 1 },
    },
    required: ["resource", "reason", "expires"],
    additionalProperties: false,
  },
  description:
    "Resources that the rule leaves alone for a while: resource (a URN, or a name; * stands for any characters), " +
    `reason, expires (YYYY-MM-DD, at most ${LONGEST_EXEMPTION_DAYS} days ahead), and finding (a part of the ` +
    "violation's text) to exempt one violation only.",
};

/** What exemptions say of one violation: the one that covers it, or why those that would have don't count. */
export interface Ruling {
  by?: Exemption;
  /** For example that an exemption expired. */
  faults: string[];
}

/** Judges a violation by the exemptions of its rule, and remembers which were of use. */
export function ruleOn(
  rule: string,
  exemptions: readonly Exemption[],
  subject: Subject,
  text: string,
): Ruling {
  const faults: string[] = [];
  for (const exemption of exemptions) {
    if (!covers(exemption, subject, text)) continue;
    exemptionUse.used.add(useKey(rule, exemption));
    const fault = faultOf(exemption);
    if (fault === undefined) return { by: exemption, faults: [] };
    faults.push(fault);
  }
  return { faults };
}

/** The exemption that a Kubernetes object carries, as written there; it covers this object only. */
export function annotated(rule: string, { urn, props }: Subject): Exemption | Unknown | undefined {
  const value = dig(props, "metadata", "annotations", EXEMPTION_ANNOTATION + rule);
  if (value === undefined || value instanceof Unknown) return value;
  const [, expires = "", reason = ""] = /^until (\S+): *(.*)$/s.exec(String(value)) ?? [];
  return { resource: urn, reason, expires };
}

function covers({ resource, finding }: Exemption, { urn, name }: Subject, text: string): boolean {
  const matches = glob(resource).test(resource.startsWith("urn:") ? urn : name);
  return matches && (finding === undefined || text.includes(finding));
}

/** Whether a pattern says which resource is meant: a name, or a URN with one, that is more than `*`. */
function namesSomething(resource: string): boolean {
  if (!resource.startsWith("urn:")) return /[^*]/.test(resource);
  const [, ...parts] = resource.split("::");
  return /[^*]/.test(parts.at(-1) ?? "");
}

function faultOf({ resource, expires, reason }: Exemption): string | undefined {
  if (!namesSomething(resource)) {
    return `An exemption does not count: ${resource} is everything (a URN's pattern needs a name behind its last "::").`;
  }
  const end = Date.parse(`${expires}T23:59:59.999Z`);
  if (!DATE.test(expires) || Number.isNaN(end) || !new Date(end).toISOString().startsWith(expires)) {
    return `An exemption does not count: it says no day on which it expires ("until 2027-03-01: reason").`;
  }
  if (reason.trim().length < SHORTEST_REASON) {
    return `An exemption until ${expires} does not count: it gives no reason (at least ${SHORTEST_REASON} characters).`;
  }
  if (end < Date.now()) return `An exemption (${reason}) expired on ${expires}.`;
  if (end > Date.now() + (LONGEST_EXEMPTION_DAYS + 1) * 86_400_000) {
    return `An exemption (${reason}) does not count: ${expires} is more than ${LONGEST_EXEMPTION_DAYS} days ahead.`;
  }
  return undefined;
}

/**
 * Which exemptions there are, and which of them met a violation, in this run. Pulumi starts the pack's process for
 * each command, and shows it every resource, so one that is unused at the end exempts nothing.
 */
export const exemptionUse = {
  /** Exemptions of the configuration, by `useKey`. */
  configured: new Map<string, { rule: string; exemption: Exemption }>(),
  /** By `useKey`. */
  used: new Set<string>(),
};

/** Says which exemption of which rule is meant. */
export function useKey(rule: string, exemption: Exemption): string {
  return JSON.stringify([rule, exemption.resource, exemption.finding ?? null, exemption.expires]);
}

/** The rules that annotations of an object name, whether there are such rules or not. */
export function rulesNamedBy(props: unknown): string[] {
  const annotations = dig(props, "metadata", "annotations");
  if (!isRecord(annotations)) return [];
  return Object.keys(annotations)
    .filter((key) => key.startsWith(EXEMPTION_ANNOTATION))
    .map((key) => key.slice(EXEMPTION_ANNOTATION.length));
}
