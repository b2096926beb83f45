import { ApiregistrationV1Api, CoreV1Api, DiscoveryV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { CertificateAuthority } from "../../certs.ts";
import { waitUntil } from "../../processes.ts";
import { ignoreStatus } from "../crds.ts";
import type { PodPorts } from "../podPorts.ts";
import { type ApiGroup, serveApiGroup } from "./server.ts";

/** Where the Services of the API groups are, and the port that stands for one in a pod. */
const namespace = "kube-system";
const inPod = 10250;

/** What an API group is offered with. */
export interface ApiServiceOptions {
  config: KubeConfig;
  ca: CertificateAuthority;
  podPorts: PodPorts;
  /** Name of the Service. */
  service: string;
  /** The address that its only pod would have. */
  podIP: string;
}

/**
 * Offers an API group in the cluster as an aggregated API: with a Service, whose endpoint is a pod that exists by its
 * port only, and an APIService for each version.
 *
 * @returns a function that takes it out of the cluster.
 */
export async function offerApiGroup(
  { config, ca, podPorts, service: name, podIP }: ApiServiceOptions,
  group: ApiGroup,
): Promise<() => Promise<void>> {
  const host = `${name}.${namespace}.svc`;
  const server = await serveApiGroup(ca, host, group);
  const pod = { kind: "Pod", name: `${name}-0`, namespace };
  podPorts.add(pod, new Map([[inPod, server.port]]));
  const core = config.makeApiClient(CoreV1Api);
  const discovery = config.makeApiClient(DiscoveryV1Api);
  const registration = config.makeApiClient(ApiregistrationV1Api);
  const ports = [{ name: "https", port: 443, targetPort: inPod }];
  await core
    .createNamespacedService({ namespace, body: { metadata: { name }, spec: { ports } } })
    .catch(ignoreStatus(409));
  await discovery
    .createNamespacedEndpointSlice({
      namespace,
      body: {
        metadata: { name: `${name}-0`, labels: { "kubernetes.io/service-name": name } },
        addressType: "IPv4",
        ports: [{ name: "https", port: inPod, protocol: "TCP" }],
        endpoints: [{ addresses: [podIP], conditions: { ready: true }, targetRef: pod }],
      },
    })
    .catch(ignoreStatus(409));
  const apiServices = group.versions.map((version, index) => ({
    metadata: { name: `${version}.${group.group}` },
    spec: {
      service: { name, namespace },
      ...{ group: group.group, version },
      groupPriorityMinimum: 100,
      versionPriority: 100 - index,
      caBundle: Buffer.from(ca.cert).toString("base64"),
    },
  }));
  for (const body of apiServices) {
    await registration.createAPIService({ body }).catch(ignoreStatus(409));
  }
  await waitUntil(`the API ${group.group}`, 30, async () => {
    const { items } = await registration.listAPIService();
    return apiServices.every(({ metadata }) =>
      items
        .find((one) => one.metadata?.name === metadata.name)
        ?.status?.conditions?.some(({ type, status }) => type === "Available" && status === "True"),
    );
  });
  return async () => {
    // The API first: one that is there and doesn't answer keeps namespaces from being deleted.
    for (const { metadata } of apiServices) {
      await registration.deleteAPIService({ name: metadata.name }).catch(ignoreStatus(404));
    }
    await core.deleteNamespacedService({ name, namespace }).catch(ignoreStatus(404));
    await discovery.deleteNamespacedEndpointSlice({ name: `${name}-0`, namespace }).catch(ignoreStatus(404));
    podPorts.delete(pod);
    await server.close();
  };
}
