import { isIPv4 } from "node:net";
import {
  CoreV1Api,
  DiscoveryV1Api,
  KubeConfig,
  type V1ObjectMeta,
  type V1Service,
} from "@kubernetes/client-node";
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

/** How long a Service's pods are remembered. A node of a cluster may take longer to hear of a change. */
const rememberedMs = 200;

/** A port of a pod. */
interface Backend {
  pod: V1ObjectMeta | undefined;
  inPod: number;
}

/**
 * Does the network's work for one connection: from a Service's address and port to one of its ready pods, or from
 * a pod's own address, and on to the port of this machine on which that pod's program listens.
 *
 * @param choose of how many pods which one: at random, as kube-proxy does it.
 * @param now milliseconds.
 * @returns what finds the port for a host (a cluster IP, a pod's IP, or a name that a cluster's DNS knows:
 * `<service>.<namespace>.svc[.cluster.local]`) and its port; undefined when nothing has that address, or no ready pod
 * stands behind it.
 */
export function serviceNetwork(
  api: ServiceApi,
  podPorts: Pick<PodPorts, "get">,
  choose = (count: number) => Math.floor(Math.random() * count),
  now = () => performance.now(),
): (host: string, port: number) => Promise<number | undefined> {
  const remembered = new Map<string, { backends: readonly Backend[]; until: number }>();
  const local = ({ pod, inPod }: Backend) => podPorts.get(pod, inPod);
  return async (host, port) => {
    const key = `${host}:${port}`;
    const known = remembered.get(key);
    const backends = known && now() < known.until ? known.backends : await backendsOf(api, host, port);
    const answering = backends.filter((backend) => local(backend) !== undefined);
    if (answering.length === 0) {
      remembered.delete(key);
      return undefined;
    }
    if (backends !== known?.backends) {
      remembered.set(key, { backends, until: now() + rememberedMs });
    }
    const chosen = answering[choose(answering.length)];
    return chosen && local(chosen);
  };
}

/** The pods behind an address, whether their programs run here or not. */
async function backendsOf({ core, discovery }: ServiceApi, host: string, port: number): Promise<Backend[]> {
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
    const backends = slices.items.flatMap(({ ports, endpoints }) => {
      // A Service's only port may have no name; the API server has it as an empty one in the slice.
      const inPod = ports?.find((candidate) => (candidate.name ?? "") === (name ?? ""))?.port;
      return inPod === undefined
        ? []
        : (endpoints ?? []).map(({ conditions, targetRef: pod }) => ({ pod, inPod, conditions }));
    });
    const ready = backends.filter(({ conditions }) => conditions?.ready !== false);
    // Pods that end and still serve are better than none: kube-proxy thinks so, too.
    return ready.length > 0 ? ready : backends.filter(({ conditions }) => conditions?.serving === true);
  }
  return isServiceName(host) ? [] : await podAt(core, host, port);
}

async function podAt(core: ServiceApi["core"], podIP: string, inPod: number): Promise<Backend[]> {
  const { items } = await core.listPodForAllNamespaces({ fieldSelector: `status.podIP=${podIP}` });
  // A pod that has ended keeps an address that another may have by now; it has no program any more.
  return items.map(({ metadata: pod }) => ({ pod, inPod }));
}

/** Whether a host is one that only a cluster's DNS knows, or an address of its networks. */
export function isOfCluster(host: string): boolean {
  return isServiceName(host) || isIPv4(host);
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
