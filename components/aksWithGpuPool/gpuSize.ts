import { InputPropertyError } from "../validation.ts";
import { candidatesFor } from "../vmSkuSelection/candidates.ts";
import { judgeByName } from "../vmSkuSelection/judge.ts";
import type { VmPoolRequest } from "../vmSkuSelection.ts";

/**
 * Throws when a GPU pool's fixed VM size can't run KAITO's models, which no quota would change. VmSkuSelection would
 * find the same, but it knows pools and not arguments.
 */
export function ensureGpus(path: string, request: VmPoolRequest): void {
  if (request.vmSize === undefined) return;
  const finding = judgeByName(request.vmSize, request);
  if (finding === undefined) return;
  const able = candidatesFor({ ...request, vmSize: undefined, preferredSkus: undefined });
  const others = able.length > 0 ? `use ${able.map(({ vmSize }) => vmSize).join(" or ")}, or ` : "";
  throw new InputPropertyError(
    path,
    `"${request.vmSize}" ${finding.reason}; ${others}leave it out, and a size that the quota allows is chosen`,
  );
}
