import { attach, parentOf } from "./attachment.ts";
import { find, ourGateways, type Snapshot, workloadName } from "./cluster.ts";
import { letsIn } from "./probes.ts";
import type { ProgrammedListener } from "./server.ts";
import { certificateOf, gatewayStatus, listenerProblem } from "./status.ts";

/** The listeners that take requests, of Gateways that are programmed and that the load balancer lets anybody reach. */
export function programmed(snapshot: Snapshot): ProgrammedListener[] {
  return ourGateways(snapshot).flatMap((gateway) => {
    const status = gatewayStatus(snapshot, gateway);
    const isProgrammed = status.conditions?.some((one) => one.type === "Programmed" && one.status === "True");
    const service = find(snapshot.services, gateway.metadata.namespace, workloadName(gateway));
    return !isProgrammed || !service
      ? []
      : gateway.spec.listeners
          .filter((listener) => letsIn(service, listener.port))
          .filter((listener) => listenerProblem(snapshot, gateway, listener) === undefined)
          .map((listener) => {
            const certificate = listener.protocol === "HTTPS" && certificateOf(snapshot, gateway, listener);
            return {
              port: listener.port,
              ...(listener.hostname === undefined ? {} : { hostname: listener.hostname }),
              ...(certificate && "cert" in certificate ? { certificate } : {}),
              routes: snapshot.routes.flatMap((route) =>
                (route.spec.parentRefs ?? [])
                  .filter((ref) => parentOf([gateway], route, ref))
                  .flatMap((ref) => attach(snapshot, gateway, route, ref).listeners)
                  .filter((one) => one.listener === listener)
                  .map(({ hostnames }) => ({ route, hostnames })),
              ),
            };
          });
  });
}
