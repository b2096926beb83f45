import type { Findings } from "./rule.ts";
import { dig, isHidden, join, Unknown } from "./unknown.ts";

const role = /^kubernetes:rbac\.authorization\.k8s\.io\/v\w+:(?:Cluster)?Role(?:Patch)?$/;
const binding = /^kubernetes:rbac\.authorization\.k8s\.io\/v\w+:(?:Cluster)?RoleBinding(?:Patch)?$/;

/** Whether resources of this Pulumi type are Roles or ClusterRoles. */
export const isRole = (type: string): boolean => role.test(type);
/** Whether resources of this Pulumi type are RoleBindings or ClusterRoleBindings. */
export const isBinding = (type: string): boolean => binding.test(type);

/** One rule of a Role, whose lists are known but for what `found` was told. */
export interface RbacRule {
  path: string;
  verbs: string[];
  resources: string[];
  nonResourceURLs: string[];
}

/** The rules of a Role; what of them is hidden goes to `found`. */
export function rbacRules(props: unknown, found: Findings): RbacRule[] {
  return known(dig(props, "rules"), found).flatMap((each, i) => {
    const path = join("rules", i);
    const list = (key: string) => known(dig(each, key), found).map(String);
    return [
      { path, verbs: list("verbs"), resources: list("resources"), nonResourceURLs: list("nonResourceURLs") },
    ];
  });
}

/** What of a list is known. */
export function known(list: unknown, found: Findings): unknown[] {
  isHidden(list, found);
  if (!Array.isArray(list)) return [];
  return list.filter((each) => {
    isHidden(each, found);
    return !(each instanceof Unknown);
  });
}
