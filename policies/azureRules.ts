import type { Policies } from "@pulumi/policy";
import { acrAdminUserOff } from "./rules/acrAdminUserOff.ts";
import { acrAnonymousPullOff } from "./rules/acrAnonymousPullOff.ts";
import { acrExportOff } from "./rules/acrExportOff.ts";
import { acrNetwork } from "./rules/acrNetwork.ts";
import { aksApiServer } from "./rules/aksApiServer.ts";
import { aksEncryption } from "./rules/aksEncryption.ts";
import { aksEntra } from "./rules/aksEntra.ts";
import { aksIdentity } from "./rules/aksIdentity.ts";
import { aksLocalAccountsOff } from "./rules/aksLocalAccountsOff.ts";
import { aksNetworkPolicy } from "./rules/aksNetworkPolicy.ts";
import { aksUpgrades } from "./rules/aksUpgrades.ts";
import { autoscalerQuota } from "./rules/autoscalerQuota.ts";
import { diagnosticSettings } from "./rules/diagnosticSettings.ts";
import { exposedWithAuth } from "./rules/exposedWithAuth.ts";
import { exposedWithTls } from "./rules/exposedWithTls.ts";
import { gpuPlacement } from "./rules/gpuPlacement.ts";
import { gpuPoolClosed } from "./rules/gpuPoolClosed.ts";
import { gpuPoolToZero } from "./rules/gpuPoolToZero.ts";
import { monthlyCost } from "./rules/monthlyCost.ts";
import { namespaceGuardrails } from "./rules/namespaceGuardrails.ts";
import { namespacePodSecurity } from "./rules/namespacePodSecurity.ts";
import { oneDevicePlugin } from "./rules/oneDevicePlugin.ts";
import { requiredTags } from "./rules/requiredTags.ts";
import { roleAssignments } from "./rules/roleAssignments.ts";
import { spotWorkloads } from "./rules/spotWorkloads.ts";

/** Rules on Azure resources, GPUs and cost. */
export const azureRules: Policies = [
  acrAdminUserOff,
  acrAnonymousPullOff,
  acrNetwork,
  acrExportOff,
  aksApiServer,
  aksLocalAccountsOff,
  aksEntra,
  aksIdentity,
  aksNetworkPolicy,
  aksUpgrades,
  aksEncryption,
  roleAssignments,
  requiredTags,
  gpuPlacement,
  gpuPoolClosed,
  gpuPoolToZero,
  spotWorkloads,
  namespacePodSecurity,
  exposedWithAuth,
];

/** Rules on the stack as a whole. */
export const stackRules: Policies = [
  autoscalerQuota,
  monthlyCost,
  diagnosticSettings,
  namespaceGuardrails,
  oneDevicePlugin,
  exposedWithTls,
];
