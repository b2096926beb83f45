import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Container, Pod } from "./containers.ts";
import { podPath } from "./containers.ts";
import { ALL_ROLES, type ContainerRuleArgs, containerRule } from "./podRule.ts";
import { isAllowedProgram, type ProgramAllowance } from "./programs.ts";
import { dig, isHidden, join, Unknown } from "./unknown.ts";

/** A value of a security context, and where it stands, or would. */
export interface Setting {
  value: unknown;
  path: string;
}

/** What a container's own security context says; nothing of it comes from the pod. */
export function ofContainer({ fields, path }: Container, ...keys: string[]): Setting {
  return {
    value: dig(fields, "securityContext", ...keys),
    path: keys.reduce(join, join(path, "securityContext")),
  };
}

/**
 * What holds for a container of a field that pods have too: the container's own value, else the pod's.
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export function inherited(container: Container, pod: Pod, ...keys: string[]): Setting {
  const own = ofContainer(container, ...keys);
  if (own.value !== undefined) return own;
  const value = dig(pod.spec, "securityContext", ...keys);
  return value === undefined ? own : { value, path: keys.reduce(join, podPath(pod, "securityContext")) };
}

/**
 * Whether the pod is for Windows, where Linux' protections don't exist and can't be set. A custom resource is not
 * believed: where its schema has no `os`, the API server drops it, and the pod runs on Linux.
 */
export function isWindows(pod: Pod): boolean {
  return pod.custom !== true && dig(pod.spec, "os", "name") === "windows";
}

/** What a rule about one value of containers' security contexts is made of. */
export interface SecurityRuleArgs<C extends object>
  extends Omit<ContainerRuleArgs<C>, "checkContainer" | "roles" | "unknowns"> {
  /** The value that counts. */
  setting(container: Container, pod: Pod): Setting;
  /** What is wrong with it, as the end of a sentence that begins with the container; nothing where it is right. */
  fault(value: unknown, config: C): string | undefined;
  /** Whether a container without the value is judged by `fault` too; patches are never. @default false */
  required?: boolean;
  /** Whether the rule is about Linux only. @default true */
  linuxOnly?: boolean;
}

/**
 * Makes a policy about one value of security contexts, for every container of every pod. What can't be seen is a
 * violation: no program needs to compute such a value.
 */
export function securityRule<C extends object>(args: SecurityRuleArgs<C>): ResourceValidationPolicy {
  const { setting, fault, required = false, linuxOnly = true, ...rest } = args;
  return containerRule<C>({
    ...rest,
    roles: ALL_ROLES,
    unknowns: "fail",
    checkContainer(container, pod, config, found) {
      if ((linuxOnly && isWindows(pod)) || isAllowedProgram(allowedBy(config), container)) return;
      const { value, path } = setting(container, pod);
      if (isHidden(value, found)) return;
      if (value === undefined && (!required || pod.partial)) return;
      const text = fault(value, config);
      if (text !== undefined) found.violation(`${container.label} ${text} (${path} is ${shown(value)}).`);
    },
  });
}

/** The programs that a rule's configuration allows, for rules that have such a key. */
function allowedBy(config: object): readonly ProgramAllowance[] {
  return "allowed" in config ? (config.allowed as ProgramAllowance[]) : [];
}

/** A value for people: text as it is, all else as JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string"
    ? value
    : JSON.stringify(value, (_, v) => (v instanceof Unknown ? "(unknown)" : v));
}
