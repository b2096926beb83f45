import { addContainers, type Pod } from "./containers.ts";
import { mcpServerPods } from "./mcpServer.ts";
import { dig, join, Unknown } from "./unknown.ts";

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
  `^kubernetes:(?:core|apps|batch|extensions)/v\\w+:(${Object.keys(templateOf).join("|")})$`,
);
const mcpServer = /^kubernetes:kagent\.dev\/v\w+:MCPServer$/;

/** Whether resources of this Pulumi type hold pods. Patches don't: they hold parts of one. */
export function holdsPods(type: string): boolean {
  return workload.test(type) || mcpServer.test(type);
}

/** The pods that a resource holds. `props` come from `reveal`. */
export function podsOf(type: string, props: unknown): Pod[] {
  if (mcpServer.test(type)) return mcpServerPods(props);
  const keys = templateOf[workload.exec(type)?.[1] ?? ""];
  if (keys === undefined) return [];
  const spec = dig(props, ...keys);
  return spec === undefined ? [] : [podOf(spec, keys.join("."))];
}

function podOf(spec: unknown, path: string): Pod {
  if (spec instanceof Unknown) return { path, scheduling: spec, containers: [], hidden: [spec] };
  const pod: Pod = { path, scheduling: spec, containers: [], hidden: [] };
  addContainers(pod, dig(spec, "initContainers"), join(path, "initContainers"), "init container");
  addContainers(pod, dig(spec, "containers"), join(path, "containers"), "container");
  return pod;
}
