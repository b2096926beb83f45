import { CoreV1Api, DiscoveryV1Api, KubeConfig, type V1Service } from "@kubernetes/client-node";
import type { PodPorts } from "./podPorts.ts";

/** The calls that Services are looked up with. */
export interface ServiceApi {
  core: Pick<CoreV1Api, "listServiceForAllNamespaces" | "listPodForAllNamespaces">;
  discovery: Pick<DiscoveryV1Api, "listNamespacedEndpointSlice">;
}

/** A client of the API server that the kubeconfig names. */
export function serviceApi(kubeconfig: string): ServiceApi {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return { core: config.makeApiClient(CoreV1Api), discovery: config.makeApiClient(DiscoveryV1Api) };
}

/**
 * Does the network's work for one connection: from a Service's address and port to one of its ready pods, or from
 * a pod's own address, and on to the port of this machine on which that pod's program listens.
 *
 * @param host a cluster IP, a pod's IP, or a name that a cluster's DNS knows:
 * `<service>.<namespace>.svc[.cluster.local]`.
 * @returns undefined when nothing has that address, or no ready pod stands behind it.
 */
export async function serviceTarget(
  { core, discovery }: ServiceApi,
  podPorts: PodPorts,
  host: string,
  port: number,
): Promise<number | undefined> {
  const services = await core.listServiceForAllNamespaces({ fieldSelector: selectorOf(host) });
  for (const service of services.items) {
    const name = service.spec?.ports?.find((candidate) => candidate.port === port)?.name;
    if (!hasPort(service, port)) {
      continue;
    }
    const slices = await discovery.listNamespacedEndpointSlice({
      namespace: service.metadata?.namespace ?? "",
      labelSelector: `kubernetes.io/service-name=${service.metadata?.name}`,
    });
    for (const { ports, endpoints } of slices.items) {
      // A Service's only port may have no name; the API server has it as an empty one in the slice.
      const inPod = ports?.find((candidate) => (candidate.name ?? "") === (name ?? ""))?.port;
      for (const { conditions, targetRef } of endpoints ?? []) {
        const local = inPod === undefined ? undefined : podPorts.get(targetRef, inPod);
        if (conditions?.ready !== false && local !== undefined) {
          return local;
        }
      }
    }
  }
  return isServiceName(host) ? undefined : await podTarget(core, podPorts, host, port);
}

async function podTarget(core: ServiceApi["core"], podPorts: PodPorts, podIP: string, port: number) {
  const { items } = await core.listPodForAllNamespaces({ fieldSelector: `status.podIP=${podIP}` });
  // A pod that has ended keeps an address that another may have by now.
  return items.map(({ metadata }) => podPorts.get(metadata, port)).find((local) => local !== undefined);
}

/** Whether a host is one that only a cluster's DNS knows. */
export function isServiceName(host: string): boolean {
  return serviceName.test(host);
}

const serviceName = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/;

function selectorOf(host: string): string {
  const [, name, namespace] = serviceName.exec(host) ?? [];
  return name === undefined
    ? `spec.clusterIP=${host}`
    : `metadata.name=${name},metadata.namespace=${namespace}`;
}

function hasPort(service: V1Service, port: number): boolean {
  return service.spec?.ports?.some((candidate) => candidate.port === port) ?? false;
}
