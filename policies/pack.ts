import { PolicyPack } from "@pulumi/policy";
import { acrAdminUserOff } from "./rules/acrAdminUserOff.ts";
import { containerResources } from "./rules/containerResources.ts";
import { gpuPlacement } from "./rules/gpuPlacement.ts";
import { imageTags } from "./rules/imageTags.ts";
import { kmcpReplicas } from "./rules/kmcpReplicas.ts";

new PolicyPack("mcpaas", {
  enforcementLevel: "mandatory",
  policies: [containerResources, gpuPlacement, imageTags, acrAdminUserOff, kmcpReplicas],
});
