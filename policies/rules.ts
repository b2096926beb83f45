import type { Policies } from "@pulumi/policy";
import { azureRules, stackRules } from "./azureRules.ts";
import { containerResources } from "./rules/containerResources.ts";
import { exemptionsInUse } from "./rules/exemptionsInUse.ts";
import { imageTags } from "./rules/imageTags.ts";
import { kmcpReplicas } from "./rules/kmcpReplicas.ts";

/** Rules on what runs in Kubernetes. */
export const workloadRules: Policies = [containerResources, imageTags];

const judging: Policies = [...workloadRules, ...azureRules, kmcpReplicas, ...stackRules];

/** Every rule of the pack. The one on exemptions is last: it looks at what the others used. */
export const rules: Policies = [...judging, exemptionsInUse(judging.map(({ name }) => name))];
