import type { Policies } from "@pulumi/policy";
import { azureRules, stackRules } from "./azureRules.ts";
import { recording } from "./lib/seenInputs.ts";
import { allowedRegistries } from "./rules/allowedRegistries.ts";
import { availability } from "./rules/availability.ts";
import { capabilities } from "./rules/capabilities.ts";
import { containerResources } from "./rules/containerResources.ts";
import { cpuLimit } from "./rules/cpuLimit.ts";
import { ephemeralStorage } from "./rules/ephemeralStorage.ts";
import { exemptionsInUse } from "./rules/exemptionsInUse.ts";
import { hostNamespaces } from "./rules/hostNamespaces.ts";
import { hostPaths } from "./rules/hostPaths.ts";
import { hostPorts } from "./rules/hostPorts.ts";
import { imageTags } from "./rules/imageTags.ts";
import { kmcpReplicas } from "./rules/kmcpReplicas.ts";
import { limitRatio } from "./rules/limitRatio.ts";
import { privilegedContainers } from "./rules/privilegedContainers.ts";
import { privilegeEscalation } from "./rules/privilegeEscalation.ts";
import { probes } from "./rules/probes.ts";
import { rbacEscalation } from "./rules/rbacEscalation.ts";
import { rbacWildcards } from "./rules/rbacWildcards.ts";
import { readOnlyRoot } from "./rules/readOnlyRoot.ts";
import { runAsNonRoot } from "./rules/runAsNonRoot.ts";
import { seccomp } from "./rules/seccomp.ts";
import { secretsInClear } from "./rules/secretsInClear.ts";
import { serviceAccountToken } from "./rules/serviceAccountToken.ts";
import { serviceExposure } from "./rules/serviceExposure.ts";
import { visibleWorkloads } from "./rules/visibleWorkloads.ts";

/** Rules on what runs in Kubernetes. */
export const workloadRules: Policies = [
  containerResources,
  cpuLimit,
  limitRatio,
  ephemeralStorage,
  probes,
  imageTags,
  allowedRegistries,
  runAsNonRoot,
  privilegedContainers,
  hostNamespaces,
  hostPaths,
  hostPorts,
  privilegeEscalation,
  capabilities,
  seccomp,
  readOnlyRoot,
  secretsInClear,
  serviceExposure,
  rbacWildcards,
  rbacEscalation,
  serviceAccountToken,
  availability,
  kmcpReplicas,
];

const judging: Policies = [visibleWorkloads, ...workloadRules, ...azureRules, ...stackRules].map(recording);

/**
 * Every rule of the pack. Each keeps what is said of resources for the rules on the stack; the last looks at which
 * exemptions the others used.
 */
export const rules: Policies = [...judging, exemptionsInUse(judging.map(({ name }) => name))];
