import { join } from "node:path";
import { CustomObjectsApi, type KubeConfig, type V1CustomResourceDefinition } from "@kubernetes/client-node";
import { crdsIn, ignoreStatus } from "../crds.ts";
import { className, controllerName, gatewayGroup } from "./types.ts";

/** The Gateway API's own definitions: the standard channel, as AKS installs it. */
export async function gatewayCrds(share: string): Promise<V1CustomResourceDefinition[]> {
  return await crdsIn(join(share, "gateway-api", "crds"));
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
