import { acrAdminUserOff } from "./rules/acrAdminUserOff.ts";
import { gpuPlacement } from "./rules/gpuPlacement.ts";

/** Rules on Azure resources, GPUs and cost. */
export const azureRules = [acrAdminUserOff, gpuPlacement];

/** Rules on the stack as a whole. */
export const stackRules = [];
