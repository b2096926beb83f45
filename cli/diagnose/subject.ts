import type { ControllerId } from "./controllers.ts";
import type { Condition, Node, Pod, Workload } from "./objects.ts";
import type { InferenceSet, McpServer, RagEngine, Workspace } from "./resources.ts";

/** What a subject is for, which decides the causes that can apply to it. */
export type Role = "inference" | "tuning" | "set" | "rag" | "mcp" | "controller" | "gpu-nodes";

export type SubjectKind = "workspace" | "inferenceset" | "ragengine" | "mcpserver" | "component";

/** Something that should be ready, with what belongs to it. */
export interface Subject {
  kind: SubjectKind;
  role: Role;
  name: string;
  /** Empty for what has none. */
  namespace: string;
  /** Whether it was found. One that was asked for by name may not exist. */
  exists: boolean;
  /** The controller that acts on it, or that it is. */
  controller?: ControllerId;
  workspace?: Workspace;
  set?: InferenceSet;
  rag?: RagEngine;
  mcp?: McpServer;
  /** An MCP server that KMCP doesn't run is this Deployment. */
  deployment?: Workload;
  conditions: readonly Condition[];
  /** What runs its pods; null when it surely isn't there, undefined when unknown. */
  workload?: OwnedWorkload | null;
  /** Its pods that aren't being deleted, newest first. */
  pods: readonly Pod[];
  /** Labels of the nodes that it may run on, without those that KAITO ignores. */
  selector?: Record<string, string>;
  /** The nodes with these labels; undefined when unknown. */
  nodes?: readonly Node[];
  needsGpu: boolean;
  /** Whether KAITO makes the nodes itself, and not the cluster's pools. */
  provisions: boolean;
  /** The Workspaces of an InferenceSet. */
  replicas: readonly Subject[];
}

export interface OwnedWorkload {
  kind: "StatefulSet" | "Deployment" | "Job";
  object: Workload;
}

/** A subject's object, whichever it is. */
export function objectOf({ workspace, set, rag, mcp, deployment }: Subject) {
  return workspace ?? set ?? rag ?? mcp ?? deployment;
}

/** What kubectl calls the kind of a subject's object. */
export function objectKind({ kind, deployment }: Subject): string {
  return deployment ? "deployment" : kind;
}

export function conditionOf(subject: Subject, type: string): Condition | undefined {
  return subject.conditions.find((each) => each.type === type);
}

/** As it is shown and typed: "workspace models/phi" and "workspace/phi". */
export function titleOf({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace === "" || kind === "component" ? "" : `${namespace}/`}${name}`;
}

/** A subject of which only the name is known. */
export function emptySubject(
  kind: Subject["kind"],
  role: Subject["role"],
  name: string,
  namespace: string,
): Subject {
  return {
    kind,
    role,
    name,
    namespace,
    exists: false,
    conditions: [],
    pods: [],
    needsGpu: false,
    provisions: false,
    replicas: [],
  };
}
