import type { SkuVerdict } from "../../components/vmSkuSelection/types.ts";
import { redact } from "../diagnose/redact.ts";
import type { Step } from "./steps.ts";

/** What was chosen for a stack's pools, and why. */
export interface VmSizes {
  /** The selection's name in the program. */
  name: string;
  /** Whether Azure confirmed the choice. */
  verified: boolean;
  pools: { pool: string; chosen: string; verdicts: Verdict[] }[];
}

/** Of one candidate, in the order they were tried. */
export type Verdict = Pick<SkuVerdict, "vmSize" | "code" | "reason" | "chosen">;

const TYPE = "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection";

/** The choices of VM sizes in a preview, made anew or kept. */
export function vmSizesOf(steps: readonly Step[]): VmSizes[] {
  const selections = new Map<string, VmSizes>();
  for (const { urn, new: state } of steps) {
    if (state?.type !== TYPE) continue;
    const { vmSizes, verdicts, verified, poolOrder } = { ...state.outputs, ...state.inputs } as Selection;
    if (typeof vmSizes !== "object" || vmSizes === null) continue;
    selections.set(urn, {
      name: urn.split("::").at(-1) ?? "",
      verified: verified === true,
      pools: (poolOrder ?? Object.keys(vmSizes)).map((pool) => ({
        pool,
        chosen: String(vmSizes[pool]),
        verdicts: (verdicts?.[pool] ?? []).map(({ vmSize, code, reason, chosen }) => ({
          vmSize,
          code,
          reason: redact(reason),
          chosen,
        })),
      })),
    });
  }
  return [...selections.values()];
}

interface Selection {
  vmSizes?: Record<string, string> | null;
  verdicts?: Record<string, SkuVerdict[]>;
  verified?: boolean;
  poolOrder?: string[];
}
