import type { Cluster } from "./cluster.ts";
import type { KindKey } from "./kinds.ts";
import type { Condition, Workload } from "./objects.ts";

export type ControllerId = "kaito" | "kaito-rag" | "kmcp";

/** A controller that this platform needs. */
export interface Controller {
  title: string;
  /** The kinds that it acts on; the first one shows whether its CRDs are there. */
  kinds: readonly KindKey[];
  /** The chart that installs it. */
  chart: string;
  /** Its image's repository, whichever registry it comes from. */
  image: RegExp;
  /** The namespace that this project's stacks put it into. */
  namespace: string;
}

// Sources: charts/kaito/{workspace,ragengine} of github.com/kaito-project/kaito v0.11.0 and helm/kmcp of
// github.com/kagent-dev/kmcp v0.3.0: names, labels (helm.sh/chart) and images. AKS's add-on has the same image.
export const controllers: Readonly<Record<ControllerId, Controller>> = {
  kaito: {
    title: "KAITO's workspace controller",
    kinds: ["workspaces", "inferencesets"],
    chart: "workspace",
    image: /(^|[/-])kaito[/-]workspace$/,
    namespace: "kaito-workspace",
  },
  "kaito-rag": {
    title: "KAITO's RAG engine controller",
    kinds: ["ragengines"],
    chart: "ragengine",
    image: /(^|[/-])kaito[/-]ragengine$/,
    namespace: "kaito-ragengine",
  },
  kmcp: {
    title: "the KMCP controller",
    kinds: ["mcpservers"],
    chart: "kmcp",
    image: /(^|[/-])kmcp[/-]controller$/,
    namespace: "kmcp-system",
  },
};

export const controllerIds = Object.keys(controllers) as ControllerId[];

/** The Deployments of a controller: one when all is well. */
export function deploymentsOf(cluster: Cluster, id: ControllerId): Workload[] | undefined {
  const { chart, image } = controllers[id];
  const found = cluster.seen("deployments").filter(({ metadata, spec }) => {
    const ofChart = new RegExp(`^${chart}-\\d`).test(metadata.labels?.["helm.sh/chart"] ?? "");
    return (
      ofChart ||
      (spec?.template?.spec?.containers ?? []).some((each) => image.test(repositoryOf(each.image ?? "")))
    );
  });
  // Who may not look everywhere can't say that it is nowhere.
  return found.length > 0 || cluster.list("deployments") !== undefined ? found : undefined;
}

/** An image without tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}

/** A flag of a controller's container, such as "byo" for --node-provisioner=byo. */
export function flagOf(deployment: Workload | undefined, flag: string): string | undefined {
  const args = (deployment?.spec?.template?.spec?.containers ?? []).flatMap((each) => each.args ?? []);
  return args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3);
}

/** The command that shows what a controller says, wherever it was found to be. */
export function controllerLogs(cluster: Cluster, id: ControllerId, lines: number): string {
  const { chart, namespace } = controllers[id];
  const [found] = deploymentsOf(cluster, id) ?? [];
  const which = found ? `deployment/${found.metadata.name}` : `-l app.kubernetes.io/name=${chart}`;
  return `kubectl -n ${found?.metadata.namespace ?? namespace} logs ${which} --tail=${lines}`;
}

/**
 * Whether KAITO makes the nodes of an object itself. That it names a VM size doesn't say so: a tuning job does for
 * nodes that are there, too. Source: nodeConditionTypes of workspace_controller.go and main.go, KAITO 0.11.0.
 */
export function makesNodes(
  cluster: Cluster,
  instanceType: string | undefined,
  conditions: readonly Condition[] = [],
): boolean {
  if (!instanceType) return false;
  const [deployment] = deploymentsOf(cluster, "kaito") ?? [];
  const provisioner = flagOf(deployment, "node-provisioner");
  if (provisioner !== undefined) return provisioner !== "byo";
  const told = conditions.some(({ type }) => type === "NodesReady");
  return !told || conditions.some(({ type }) => type === "NodeClaimReady");
}
