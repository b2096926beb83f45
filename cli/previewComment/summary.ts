import { redact } from "../diagnose/redact.ts";
import { exitCodes, UserError } from "../userError.ts";
import { type CostChange, costChangeOf } from "./costChange.ts";
import { dataIn } from "./dataHolding.ts";
import { type Preview, readPreview, type Step, type Violation } from "./steps.ts";
import { type VmSizes, vmSizesOf } from "./vmSizes.ts";

/** What would happen to a resource. */
export type Kind = "replace" | "delete" | "create" | "update" | "import" | "read" | "other";

/** One resource that wouldn't stay as it is. No value of a property is in it. */
export interface Change {
  kind: Kind;
  /** The engine's own word, for example "create-replacement"; "refresh-update" is a drift. */
  op: string;
  type: string;
  name: string;
  urn: string;
  /** Paths of the properties that differ. */
  properties: string[];
  /** Those because of which it is replaced. */
  because: string[];
  /** What is lost with it, when it is replaced or deleted. */
  data?: string;
  /** Somebody has deleted it by hand; a create makes it anew. */
  gone?: true;
  /** The engine refuses to delete it. */
  protected?: true;
  /** It leaves the stack and stays in Azure or in the cluster. */
  retained?: true;
}

/** What a preview of one stack says, without anything that may be secret. */
export interface Summary {
  stack: string;
  /** False when the preview failed, for whatever reason. */
  ok: boolean;
  /** It only asks what is there, as "pulumi refresh --preview-only" does: it says what has drifted. */
  refresh?: true;
  /** How many resources stay as they are. */
  same: number;
  changes: Change[];
  /** Absent when the file didn't say. */
  policies?: { packs: Record<string, string>; violations: (Violation & { name: string })[] };
  vmSizes: VmSizes[];
  /** Absent when there is nothing to compare, for example in a preview that broke off at once. */
  cost?: CostChange;
  errors: string[];
  warnings: string[];
}

/** What `--json` prints, and what can be read in the place of a preview. */
export interface Summaries {
  format: typeof FORMAT;
  stacks: Summary[];
}

/** Changes when the form does. */
export const FORMAT = "mcpaas-preview-1";

/** The stack itself is in every preview. */
const STACK = "pulumi:pulumi:Stack";

/** Kinds by the engine's operations; those not named here come along with one that is, or change nothing. */
const kinds: Readonly<Record<string, Kind>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  read: "read",
  import: "import",
  "import-replacement": "replace",
  "refresh-update": "update",
  "refresh-delete": "delete",
};
const silent = new Set([
  "same",
  "create-replacement",
  "delete-replaced",
  "discard",
  "read-replacement",
  "discard-replaced",
  "remove-pending-replace",
  "refresh",
  "refresh-same",
  "refresh-refresh",
]);

/**
 * What a preview says.
 *
 * @param text what `pulumi preview --json` printed, or a summary that was made of it before
 * @throws {UserError} when it is neither
 */
export function summaryOf(stack: string, text: string, where: string): Summary {
  const before = asSummary(stack, text, where);
  if (before) return before;
  const preview = readPreview(text, where);
  const { steps, policies, errors, warnings, ended } = preview;
  const cost = costChangeOf(steps);
  return {
    stack,
    ok: succeeded(preview),
    ...(isRefresh(steps) && { refresh: true as const }),
    same: steps.filter(({ op }) => op === "same" || op === "refresh-same").length,
    changes: steps.flatMap(changeOf),
    ...(policies && {
      policies: {
        packs: policies.packs,
        violations: policies.violations.map((each) => ({
          ...each,
          message: redact(each.message),
          name: nameOf(each.urn),
        })),
      },
    }),
    vmSizes: vmSizesOf(steps),
    // Half a preview would make half the platform look like savings.
    ...(cost && ended && errors.length === 0 && { cost }),
    errors: errors.map(redact),
    warnings: warnings.map(redact),
  };
}

function isRefresh(steps: readonly Step[]): boolean {
  const asked = steps.filter(({ op }) => op.startsWith("refresh-"));
  return asked.length > 0 && steps.every((step) => asked.includes(step) || typeOf(step.urn) === STACK);
}

function succeeded({ errors, policies, ended }: Preview): boolean {
  const refused = policies?.violations.some(({ level }) => level !== "advisory" && level !== "disabled");
  return ended && errors.length === 0 && !refused;
}

function changeOf(step: Step): Change[] {
  if (silent.has(step.op)) return [];
  const kind = kinds[step.op] ?? "other";
  const state = step.old ?? step.new;
  const type = state?.type ?? typeOf(step.urn);
  const goes = kind === "delete" || kind === "replace";
  const data = goes ? dataIn(type) : undefined;
  return [
    {
      kind,
      op: step.op,
      type,
      name: nameOf(step.urn),
      urn: step.urn,
      properties: step.properties,
      because: step.keys,
      ...(data !== undefined && { data }),
      ...(step.gone && { gone: step.gone }),
      ...(goes && state?.protect && { protected: true as const }),
      ...(goes && state?.retainOnDelete && { retained: true as const }),
    },
  ];
}

function asSummary(stack: string, text: string, where: string): Summary | undefined {
  let value: Partial<Summaries> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (value?.format !== FORMAT) return undefined;
  const found = value.stacks?.find((each) => each.stack === stack);
  if (found === undefined) {
    const others = value.stacks?.map((each) => each.stack).join(", ") || "nothing";
    throw new UserError(`${where} says nothing of the stack ${stack}, but of ${others}`, exitCodes.usage);
  }
  return found;
}

/** The last part of a URN, whose form is `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "unknown";
}
