import { z } from "zod";
import { entraConflict } from "../../../components/aksWithGpuPool/entra.ts";
import { GUID } from "../../../components/forms.ts";
import { text } from "./fields.ts";

/** Who may use the cluster, and how they sign in. */
export const entra = z
  .strictObject({
    adminGroupObjectIds: z
      .array(text(GUID))
      .default([])
      .meta({
        description: "Entra groups whose members administer the cluster",
        example: ["00000000-0000-0000-0000-000000000000"],
        allowed: "a list of object ids",
      }),
    administrators: z
      .array(
        z.strictObject({
          objectId: text(GUID).meta({
            description: "Object id in Entra ID",
            example: "00000000-0000-0000-0000-000000000000",
          }),
          principalType: z
            .enum(["User", "Group", "ServicePrincipal"])
            .meta({ description: "What it is", example: "ServicePrincipal" }),
        }),
      )
      .optional()
      .meta({
        description:
          "Who gets the role Azure Kubernetes Service RBAC Cluster Admin; list all who run `pulumi up`, pipelines too",
        example: [{ objectId: "00000000-0000-0000-0000-000000000000", principalType: "User" }],
        otherwise: "whoever runs `pulumi up`, if nobody could get in else",
      }),
    azureRbac: z.boolean().default(true).meta({
      description:
        "Kubernetes rights come from Azure role assignments; false needs adminGroupObjectIds or local accounts",
      example: true,
    }),
    disableLocalAccounts: z
      .boolean()
      .default(true)
      .meta({ description: "Only Entra identities get in; needs kubelogin on PATH", example: true }),
    login: z
      .enum(["azurecli", "workloadidentity", "spn", "msi", "devicecode"])
      .default("azurecli")
      .meta({ description: "How kubelogin signs in when the program runs", example: "workloadidentity" }),
  })
  .superRefine((entra, context) => {
    const conflict = entraConflict(entra);
    if (conflict) context.addIssue({ code: "custom", path: conflict.path, message: conflict.rule });
  })
  .optional()
  .meta({
    description: "Sign-in with Microsoft Entra ID",
    example: { adminGroupObjectIds: ["00000000-0000-0000-0000-000000000000"] },
    otherwise: "local accounts only",
  });
