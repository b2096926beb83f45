import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ApiException,
  ApiextensionsV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { waitUntil } from "../../processes.ts";
import { className, controllerName, gatewayGroup } from "./types.ts";

/** The Gateway API's own definitions: the standard channel, as AKS installs it. */
export async function gatewayCrds(share: string): Promise<V1CustomResourceDefinition[]> {
  const dir = join(share, "gateway-api", "crds");
  const files = (await readdir(dir)).filter((file) => file.endsWith(".yaml"));
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), "utf8")));
  return texts
    .flatMap((text) =>
      parseAllDocuments(text).map((document) => document.toJS() as V1CustomResourceDefinition),
    )
    .filter((object) => object?.kind === "CustomResourceDefinition");
}

/** Puts the definitions into the cluster, and waits until its API knows them. */
export async function installCrds(
  config: KubeConfig,
  crds: readonly V1CustomResourceDefinition[],
): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  for (const body of crds) {
    await api.createCustomResourceDefinition({ body }).catch(ignoreStatus(409));
  }
  await waitUntil("the Gateway API", 30, async () => {
    const { items } = await api.listCustomResourceDefinition();
    return crds.every(({ metadata }) =>
      items
        .find((one) => one.metadata?.name === metadata?.name)
        ?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True"),
    );
  });
}

/** Takes the definitions out of the cluster, with all objects of their kinds. */
export async function removeCrds(
  config: KubeConfig,
  crds: readonly V1CustomResourceDefinition[],
): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  for (const { metadata } of crds) {
    await api.deleteCustomResourceDefinition({ name: metadata?.name ?? "" }).catch(ignoreStatus(404));
  }
  await waitUntil("the end of the Gateway API", 30, async () => {
    const { items } = await api.listCustomResourceDefinition();
    return !items.some((one) => crds.some(({ metadata }) => metadata?.name === one.metadata?.name));
  });
}

const gatewayClasses = { group: gatewayGroup, version: "v1", plural: "gatewayclasses" };

/** Offers the class, accepted from the start. */
export async function offerClass(config: KubeConfig): Promise<void> {
  const api = config.makeApiClient(CustomObjectsApi);
  const body = {
    ...{ apiVersion: `${gatewayGroup}/v1`, kind: "GatewayClass", metadata: { name: className } },
    spec: { controllerName, description: "Application routing's Gateways, by Istio's control plane" },
  };
  await api.createClusterCustomObject({ ...gatewayClasses, body }).catch(ignoreStatus(409));
  const { metadata, spec } = (await api.getClusterCustomObject({
    ...gatewayClasses,
    name: className,
  })) as typeof body & { metadata: { generation?: number; resourceVersion?: string } };
  const accepted = {
    ...{ type: "Accepted", status: "True", reason: "Accepted", message: "the class is taken care of" },
    observedGeneration: metadata.generation,
    lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ""),
  };
  await api.replaceClusterCustomObjectStatus({
    ...{ ...gatewayClasses, name: className },
    body: { ...body, metadata, spec, status: { conditions: [accepted] } },
  });
}

/** Takes the class back. */
export async function withdrawClass(config: KubeConfig): Promise<void> {
  const api = config.makeApiClient(CustomObjectsApi);
  await api.deleteClusterCustomObject({ ...gatewayClasses, name: className }).catch(ignoreStatus(404));
}

function ignoreStatus(status: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiException && error.code === status)) {
      throw error;
    }
    return undefined;
  };
}
