import {
  ApiException,
  CoreV1Api,
  CustomObjectsApi,
  type Informer,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  type ObjectCache,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { keepWatching } from "../watch.ts";
import { loadBalancerStatus } from "./addresses.ts";
import { ourGateways, type Snapshot } from "./cluster.ts";
import { programmed } from "./programmed.ts";
import type { ProgrammedListener } from "./server.ts";
import { gatewayStatus, routeParents } from "./status.ts";
import { type Gateway, gatewayGroup, type HttpRoute } from "./types.ts";
import { workloadOf } from "./workload.ts";

/** What is watched, by the name that it has in a snapshot. */
const watched: Readonly<Record<keyof Snapshot, string>> = {
  gateways: `/apis/${gatewayGroup}/v1/gateways`,
  routes: `/apis/${gatewayGroup}/v1/httproutes`,
  grants: `/apis/${gatewayGroup}/v1beta1/referencegrants`,
  services: "/api/v1/services",
  secrets: "/api/v1/secrets",
  configMaps: "/api/v1/configmaps",
  namespaces: "/api/v1/namespaces",
  pods: "/api/v1/pods",
};

/**
 * Keeps Gateways of application routing's class as Istio's control plane does: makes what they are made of, and
 * tells in their status and in their routes' what became of them.
 *
 * @param program gets the listeners that take requests, whenever something has changed.
 * @returns a function that ends it; what it made stays.
 */
export async function startGatewayController(
  config: KubeConfig,
  program: (listeners: readonly ProgrammedListener[]) => void,
): Promise<() => Promise<void>> {
  const caches = {} as Record<keyof Snapshot, Informer<KubernetesObject> & ObjectCache<KubernetesObject>>;
  const api = {
    objects: KubernetesObjectApi.makeApiClient(config),
    custom: config.makeApiClient(CustomObjectsApi),
    core: config.makeApiClient(CoreV1Api),
  };
  let queue = Promise.resolve();
  let waiting = false;
  let stopped = false;
  const snapshot = () =>
    Object.fromEntries(
      Object.entries(caches).map(([name, cache]) => [name, cache.list()]),
    ) as unknown as Snapshot;
  const turn = () => {
    // One look for all that has changed since the last one.
    if (waiting || stopped) {
      return;
    }
    waiting = true;
    queue = queue.then(async () => {
      waiting = false;
      const now = snapshot();
      program(programmed(now));
      await reconcile(api, now).catch((error: unknown) => {
        console.error(`gateways: ${error}`);
        // The next change would bring it up again, but there may be none.
        setTimeout(turn, 500).unref();
      });
    });
  };
  const stops: (() => Promise<void>)[] = [];
  for (const [name, path] of Object.entries(watched) as [keyof Snapshot, string][]) {
    const informer = makeInformer(config, path, () => list(config, path));
    caches[name] = informer;
    for (const event of ["add", "update", "delete"] as const) {
      informer.on(event, turn);
    }
    stops.push(
      await keepWatching(informer, (error) => console.error(`gateways: watch of ${name}: ${error}`)),
    );
  }
  turn();
  return async () => {
    stopped = true;
    await Promise.all(stops.map((stop) => stop()));
    await queue;
    program([]);
  };
}

interface Api {
  objects: KubernetesObjectApi;
  custom: CustomObjectsApi;
  core: CoreV1Api;
}

async function reconcile(api: Api, snapshot: Snapshot): Promise<void> {
  for (const service of snapshot.services) {
    const status = loadBalancerStatus(snapshot, service);
    if (status) {
      const { name = "", namespace = "" } = service.metadata ?? {};
      const body = { status };
      await api.core.patchNamespacedServiceStatus({ name, namespace, body }, merge).catch(ignoreGone);
    }
  }
  for (const gateway of ourGateways(snapshot)) {
    for (const object of workloadOf(snapshot, gateway)) {
      await apply(api.objects, object);
    }
    await tell(api, "gateways", gateway, gatewayStatus(snapshot, gateway));
  }
  for (const route of snapshot.routes) {
    const parents = routeParents(snapshot, route);
    if (parents.length > 0 || route.status?.parents?.length) {
      await tell(api, "httproutes", route, { parents });
    }
  }
}

async function tell(
  { custom }: Api,
  plural: string,
  object: Gateway | HttpRoute,
  status: object,
): Promise<void> {
  // Both come out of JSON, or go into it.
  if (JSON.stringify(sorted(status)) === JSON.stringify(sorted(object.status ?? {}))) {
    return;
  }
  const { name = "", namespace = "" } = object.metadata;
  await custom
    .patchNamespacedCustomObjectStatus(
      { group: gatewayGroup, version: "v1", namespace, plural, name, body: { status } },
      merge,
    )
    .catch(ignoreGone);
}

/** Applied with a name of its own, so that what others set in it stays: the autoscaler's replicas, say. */
async function apply(objects: KubernetesObjectApi, object: KubernetesObject): Promise<void> {
  await objects
    .patch(object, undefined, undefined, "istio", true, PatchStrategy.ServerSideApply)
    .catch(ignoreGone);
}

async function list(config: KubeConfig, path: string) {
  const { pathname } = new URL(path, "http://host");
  const [group, version, plural = ""] = pathname.split("/").slice(-3);
  if (pathname.startsWith("/apis/")) {
    const api = config.makeApiClient(CustomObjectsApi);
    return await api.listClusterCustomObject({ group: group ?? "", version: version ?? "", plural });
  }
  const objects = KubernetesObjectApi.makeApiClient(config);
  return await objects.list("v1", kinds[plural] ?? "");
}

const kinds: Readonly<Record<string, string>> = {
  services: "Service",
  secrets: "Secret",
  configmaps: "ConfigMap",
  namespaces: "Namespace",
  pods: "Pod",
};

const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** An object that has gone needs nothing, nor one whose namespace is going: it is told of as gone, too. */
function ignoreGone(error: unknown): undefined {
  if (!(error instanceof ApiException && [404, 403].includes(error.code))) {
    throw error;
  }
  return undefined;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => [key, sorted(one)]),
      )
    : value;
}
