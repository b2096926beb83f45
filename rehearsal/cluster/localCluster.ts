import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, type V1Node } from "@kubernetes/client-node";
import { fake } from "./nodes.ts";

/** What `kind create cluster --name mcpaas` calls the context that it writes. */
const context = "kind-mcpaas";

/** A machine of kind's: the one node, which is the control plane's and takes pods, too. */
const node: V1Node = {
  metadata: {
    name: "mcpaas-control-plane",
    labels: {
      "kubernetes.io/hostname": "mcpaas-control-plane",
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "node-role.kubernetes.io/control-plane": "",
    },
    annotations: fake,
  },
  spec: { providerID: "kind://docker/mcpaas/mcpaas-control-plane" },
  status: Object.fromEntries(
    ["capacity", "allocatable"].map((key) => [
      key,
      { cpu: "8", memory: "16Gi", "ephemeral-storage": "100Gi", pods: "110" },
    ]),
  ),
};

/**
 * Makes the cluster look as one of kind's with a single node, and writes the kubeconfig by which somebody would have
 * it: the same rights, under kind's name, which is the current context.
 */
export async function startLocalCluster(
  adminKubeconfig: string,
  dir: string,
): Promise<{ kubeconfig: string }> {
  const config = new KubeConfig();
  config.loadFromString(await readFile(adminKubeconfig, "utf8"));
  await config.makeApiClient(CoreV1Api).createNode({ body: node });
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const theirs = new KubeConfig();
  theirs.loadFromOptions({
    clusters: [{ ...cluster, name: context }],
    users: [{ ...user, name: context }],
    contexts: [{ name: context, cluster: context, user: context }],
    currentContext: context,
  });
  const kubeconfig = join(dir, "kind.kubeconfig");
  await writeFile(kubeconfig, theirs.exportConfig(), { mode: 0o600 });
  return { kubeconfig };
}
