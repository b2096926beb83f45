import { type Pod, podOf } from "./containers.ts";
import { customPods } from "./customPods.ts";
import { mcpServerPods } from "./mcpServer.ts";
import { dig } from "./unknown.ts";

const templateOf: Record<string, string[]> = {
  Pod: ["spec"],
  PodTemplate: ["template", "spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

const workload = new RegExp(
  `^kubernetes:(?:core|apps|batch|extensions)/v\\w+:(${Object.keys(templateOf).join("|")})(Patch)?$`,
);
const mcpServer = /^kubernetes:kagent\.dev\/v\w+:MCPServer(Patch)?$/;
/** Groups that aren't Kubernetes' own have a dot in their name, as those of custom resources must. */
const custom = /^kubernetes:[\w-]+(?:\.[\w-]+)+\/v\w+:(\w+?)(Patch)?$/;
/**
 * Groups that hold no pods: Kubernetes' own and its projects', by name, as others end in `.k8s.io` too and hold some
 * (sparkoperator.k8s.io); and Helm, whose values are no objects.
 */
const own = new RegExp(
  `^kubernetes:(?:helm\\.sh|(?:${[
    "admissionregistration|apiextensions|apiregistration|auditregistration|authentication|authorization",
    "certificates|coordination|discovery|events|flowcontrol\\.apiserver|internal\\.apiserver|metrics",
    "networking|gateway\\.networking|policy\\.networking|node|rbac\\.authorization|resource|scheduling",
    "storage|snapshot\\.storage|storagemigration|autoscaling",
  ].join("|")})\\.k8s\\.io)/v\\w+:`,
);
/** Lists of what holds pods, and what else of Kubernetes' own kinds a program could register. */
const list = /^kubernetes:(?:core|apps|batch|extensions)\/v\w+:(\w+)List$/;

/** Whether resources of this Pulumi type can hold pods. Of custom resources only their properties tell. */
export function holdsPods(type: string): boolean {
  return workload.test(type) || list.test(type) || isCustom(type);
}

/** The pods that a resource holds. `props` come from `reveal`. */
export function podsOf(type: string, props: unknown): Pod[] {
  const server = mcpServer.exec(type);
  if (server !== null) return mcpServerPods(props, server[1] !== undefined);
  const [, kind = "", patch] = workload.exec(type) ?? [];
  const keys = templateOf[kind];
  if (keys !== undefined) {
    const spec = dig(props, ...keys);
    return spec === undefined ? [] : [podOf(kind, spec, keys.join("."), patch !== undefined)];
  }
  const [, other, part] = custom.exec(type) ?? list.exec(type) ?? [];
  if (other === undefined || !holdsPods(type)) return [];
  return customPods(other, props, part !== undefined);
}

function isCustom(type: string): boolean {
  return custom.test(type) && !own.test(type);
}
