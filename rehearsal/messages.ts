/** What `environment.json` holds: how to reach a running rehearsal. */
export interface Environment {
  /** The stack that is rehearsed: `dev` of Pulumi.dev.yaml. */
  stack: string;
  /** Azure Resource Manager's base URL. */
  armEndpoint: string;
  /** A kubeconfig with all rights. */
  kubeconfig: string;
  /** A proxy by which programs of this machine reach Services by their names in the cluster. */
  serviceProxy: string;
  /** Where Prometheus answers while it runs: its own HTTP API. */
  prometheus: string;
  /** The version of the Docker that builds images here; absent when there is none. */
  builder?: string;
  /** Variables that make Pulumi, plugins and SDKs work on this environment; they hold secrets. */
  variables: Record<string, string>;
}

/** What the starter tells the supervisor. */
export type StarterMessage = { kind: "keep" } | { kind: "entrust"; pid?: number };

/** What the supervisor tells its starter. */
export type SupervisorMessage =
  | { kind: "step"; text: string }
  | { kind: "ready" }
  | { kind: "failed"; message: string; hint?: string | undefined };
