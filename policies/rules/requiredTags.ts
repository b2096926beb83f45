import { type Findings, rule } from "../lib/rule.ts";
import { dig, isRecord, join, Unknown } from "../lib/unknown.ts";
import { takesTags } from "./requiredTags/types.ts";

/** Configuration of `required-tags`. */
export interface RequiredTagsConfig {
  /** What each tag's value must look like, by the tag's name. @default owner and costCenter: no blank text */
  tags: Record<string, string>;
  /** The tag that says how long the resource may live; "" asks for none. @default "ttl" */
  lifetimeTag: string;
  /** Values of that tag for what stays. @default ["permanent"] */
  permanent: string[];
}

/** Azure's resources say whose they are, who pays, and until when. */
export const requiredTags = rule<RequiredTagsConfig>({
  name: "required-tags",
  displayName: "Azure resources have owner, cost center and lifetime",
  severity: "medium",
  demands: "Every Azure resource that takes tags has owner, costCenter and ttl, and its ttl hasn't passed.",
  why:
    "Nobody dares to delete what nobody owns. A GPU pool of a demo that everyone forgot costs thousands a month " +
    "until somebody asks who pays.",
  fix:
    "Set the tags owner, costCenter and ttl: a day such as 2027-06-30, a time such as 8h, 30d or 4w after the " +
    'creation, or "permanent". When a day has passed, delete the resource, or put the day off.',
  config: {
    tags: {
      type: "object",
      additionalProperties: { type: "string" },
      default: { owner: "\\S", costCenter: "\\S" },
      description: "Regular expressions that the tags' values must match, by the tags' names.",
    },
    lifetimeTag: {
      type: "string",
      default: "ttl",
      description: 'The tag that says how long the resource may live; "" asks for none.',
    },
    permanent: {
      type: "array",
      items: { type: "string" },
      default: ["permanent"],
      description: "Values of that tag for what stays; [] lets nothing stay.",
    },
  },
  applies: takesTags,
  check({ props }, config, found) {
    const tags = dig(props, "tags");
    if (tags instanceof Unknown) return found.unknown(tags);
    const values = new Map(
      Object.entries(isRecord(tags) ? tags : {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    for (const [name, pattern] of Object.entries(config.tags)) {
      const value = checked(name, values, found);
      if (value !== undefined && !new RegExp(pattern).test(value)) {
        found.violation(
          `The tag ${name} is "${value}", which isn't of the form ${pattern} (${join("tags", name)}).`,
        );
      }
    }
    const { lifetimeTag } = config;
    const lifetime = lifetimeTag === "" ? undefined : checked(lifetimeTag, values, found);
    const fault = lifetime === undefined ? undefined : lifetimeFault(lifetime, config.permanent);
    if (fault !== undefined)
      found.violation(`The tag ${lifetimeTag} ${fault} (${join("tags", lifetimeTag)}).`);
  },
});

/** A tag's value; one that is missing or unknown is told. Azure takes no account of case in the names of tags. */
function checked(name: string, values: Map<string, unknown>, found: Findings): string | undefined {
  const value = values.get(name.toLowerCase());
  if (value instanceof Unknown) found.unknown(value);
  else if (value === undefined || value === null) {
    found.violation(`The resource has no tag ${name} (${join("tags", name)}).`);
  } else return String(value);
  return undefined;
}

/** How long a resource may live is a day, or a time after its creation, which can't be seen here. */
function lifetimeFault(value: string, permanent: readonly string[]): string | undefined {
  if (permanent.includes(value) || /^[1-9]\d*[hdw]$/.test(value)) return undefined;
  const end = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T23:59:59.999Z`) : Number.NaN;
  if (Number.isNaN(end)) return `is "${value}", which is neither a day (2027-06-30) nor a time (8h, 30d, 4w)`;
  return end < Date.now() ? `says that the resource may live until ${value}, which has passed` : undefined;
}
