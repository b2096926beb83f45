import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { GUID } from "../forms.ts";
import type { PrincipalType } from "../roles.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";
import type { KubeloginMode } from "./kubeconfig.ts";

/** Who may use the cluster's API, and how they sign in. */
export interface EntraArgs {
  /** Object ids of the Entra groups whose members administer the cluster. @default - none */
  adminGroupObjectIds?: string[];
  /**
   * Who gets the role Azure Kubernetes Service RBAC Cluster Admin on the cluster. List everyone who runs the
   * program, the pipeline included: otherwise the role goes to whoever runs it, and moves from one to the other.
   * @default - with `azureRbac` and local accounts off: whoever runs the program; else nobody
   */
  administrators?: Administrator[];
  /**
   * Kubernetes rights come from Azure role assignments. When false, from RoleBindings only; with local accounts
   * off the first ones can then be made by members of `adminGroupObjectIds` alone, so none of these is an error.
   * @default true
   */
  azureRbac?: boolean;
  /**
   * Certificates of local accounts are refused, so that every call is some Entra identity's. Tools then
   * need `kubelogin` on PATH.
   * @default true
   */
  disableLocalAccounts?: boolean;
  /**
   * How `kubelogin` signs in, in the kubeconfig that the program uses: as the Azure CLI does, or as a pipeline.
   * Source: https://azure.github.io/kubelogin/concepts/login-modes.html
   * @default "azurecli"
   */
  login?: KubeloginMode;
}

/** A person, group or service that administers the cluster. */
export interface Administrator {
  /** Object id in Entra ID (of a service principal, not of its application), a GUID. */
  objectId: string;
  /** What it is. A wrong type is refused by Azure. */
  principalType: PrincipalType;
}

/** Whether the cluster takes certificates besides Entra identities. */
export function localAccounts(entra: EntraArgs): boolean {
  return entra.disableLocalAccounts === false;
}

/** Who is to be given the administrator's role: those who are named, or whoever runs the program. */
export function administratorsOf(entra: EntraArgs | undefined): Administrator[] | "deployer" {
  if (entra === undefined || !(entra.azureRbac ?? true)) return [];
  if (entra.administrators?.length) return entra.administrators;
  return localAccounts(entra) ? [] : "deployer";
}

/** The first of the settings that can't stand beside the others, and what it must be instead. */
export function entraConflict(entra: EntraArgs): { path: (string | number)[]; rule: string } | undefined {
  const { administrators = [], adminGroupObjectIds = [], azureRbac = true } = entra;
  if (!azureRbac && administrators.length > 0) {
    return {
      path: ["administrators"],
      rule: "left out, because their role counts with azureRbac only; use adminGroupObjectIds",
    };
  }
  if (!azureRbac && !localAccounts(entra) && adminGroupObjectIds.length === 0) {
    return {
      path: ["azureRbac"],
      rule: "true, or nobody could get in: local accounts are off, and adminGroupObjectIds names no group",
    };
  }
  const ids = administrators.map(({ objectId }) => objectId.toLowerCase());
  const again = ids.findIndex((id, i) => ids.indexOf(id) !== i);
  return again === -1
    ? undefined
    : { path: ["administrators", again], rule: "someone who isn't listed before" };
}

/** The part of the cluster's arguments that is about Entra ID. */
export function entraProfile(entra: EntraArgs | undefined): Partial<ManagedClusterArgs> {
  if (entra === undefined) return {};
  for (const [i, { objectId }] of (entra.administrators ?? []).entries()) {
    ensure(`entra.administrators[${i}].objectId`, objectId, matches(GUID));
  }
  const conflict = entraConflict(entra);
  if (conflict) {
    const place = conflict.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
    throw new InputPropertyError(`entra${place}`, `is not allowed; it must be ${conflict.rule}`);
  }
  return {
    disableLocalAccounts: entra.disableLocalAccounts ?? true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: entra.azureRbac ?? true,
      adminGroupObjectIDs: entra.adminGroupObjectIds ?? [],
    },
  };
}
