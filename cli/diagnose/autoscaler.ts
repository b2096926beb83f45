import { parse } from "yaml";
import type { Cluster } from "./cluster.ts";
import type { Subject } from "./subject.ts";

/** A node pool as the cluster autoscaler sees it. */
export interface NodeGroup {
  /** Of the scale set; AKS's are "aks-<pool>-<digits>-vmss". */
  name: string;
  min: number;
  max: number;
  /** Nodes that the cloud was asked for. */
  target: number;
  /** "NoActivity", "InProgress", "Backoff". */
  scaleUp: string;
  /** Why the last scale-up failed. */
  error?: string;
}

interface StatusDocument {
  nodeGroups?: {
    name?: string;
    health?: { minSize?: number; maxSize?: number; cloudProviderTarget?: number };
    scaleUp?: { status?: string; backoffInfo?: { errorCode?: string; errorMessage?: string } };
  }[];
}

/**
 * The node groups of the ConfigMap cluster-autoscaler-status: YAML since version 1.30, lines of text before.
 * Source: cluster-autoscaler/clusterstate/api/types.go of github.com/kubernetes/autoscaler.
 */
export function nodeGroups(status: string): NodeGroup[] {
  return status.includes("autoscalerStatus:") ? fromYaml(status) : fromLines(status);
}

function fromYaml(status: string): NodeGroup[] {
  let document: StatusDocument | null;
  try {
    document = parse(status) as StatusDocument | null;
  } catch {
    return [];
  }
  return (document?.nodeGroups ?? []).map(({ name = "", health = {}, scaleUp = {} }) => {
    const { errorCode, errorMessage } = scaleUp.backoffInfo ?? {};
    const error = [errorCode, errorMessage].filter(Boolean).join(": ");
    return {
      name,
      min: health.minSize ?? 0,
      max: health.maxSize ?? 0,
      target: health.cloudProviderTarget ?? 0,
      scaleUp: scaleUp.status ?? "",
      ...(error ? { error } : {}),
    };
  });
}

function fromLines(status: string): NodeGroup[] {
  return status
    .split(/^\s*Name:\s*/m)
    .slice(1)
    .map((block) => ({
      name: block.match(/^\S+/)?.[0] ?? "",
      target: Number(block.match(/cloudProviderTarget=(\d+)/)?.[1] ?? 0),
      min: Number(block.match(/minSize=(\d+)/)?.[1] ?? 0),
      max: Number(block.match(/maxSize=(\d+)/)?.[1] ?? 0),
      scaleUp: block.match(/ScaleUp:\s*(\w+)/)?.[1] ?? "",
    }));
}

/** The pool of a scale set of AKS. */
export function poolOf({ name }: Pick<NodeGroup, "name">): string {
  return name.match(/^aks-(.+)-\d+-vmss$/)?.[1] ?? name;
}

/** The node groups whose nodes a subject may run on; undefined when the autoscaler tells nothing. */
export function groupsOf(cluster: Cluster, { selector = {}, nodes = [] }: Subject): NodeGroup[] | undefined {
  const status = cluster.snapshot.autoscalerStatus;
  if (!status) return undefined;
  const pools = new Set([
    ...Object.values(selector),
    ...nodes.map(({ metadata }) => metadata.labels?.["agentpool"] ?? ""),
  ]);
  return nodeGroups(status).filter((group) => pools.has(poolOf(group)));
}

export const AUTOSCALER_STATUS = "configmap kube-system/cluster-autoscaler-status";

export function groupText({ min, max, target }: NodeGroup): string {
  return `minSize ${min}, maxSize ${max}, target ${target}`;
}
