import type { V1Service } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { letsIn } from "../../../rehearsal/cluster/gateway/probes.ts";

const service = (annotations: Record<string, string>, appProtocol?: string): V1Service => ({
  metadata: {
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/${key}`, value]),
    ),
  },
  spec: { ports: [{ port: 443, ...(appProtocol === undefined ? {} : { appProtocol }) }] },
});
const ready = {
  "port_443_health-probe_protocol": "http",
  "port_443_health-probe_port": "15021",
  "port_443_health-probe_request-path": "/healthz/ready",
};

test.each([
  ["a port of no protocol is asked for a connection", service({}), true],
  ["one of HTTP for its root, where nobody is", service({}, "http"), false],
  ["one of HTTPS, too", service({}, "https"), false],
  ["where the proxy says that it is ready", service(ready, "https"), true],
  [
    "on the right port by the wrong path",
    service({ ...ready, "port_443_health-probe_request-path": "/" }),
    false,
  ],
  ["there, but over TLS", service({ ...ready, "port_443_health-probe_protocol": "https" }), false],
  ["as another port's annotations say", service({ "port_80_health-probe_protocol": "tcp" }, "https"), false],
  [
    "by the path for all ports, where the port has none",
    service(
      {
        "port_443_health-probe_protocol": "http",
        "port_443_health-probe_port": "15021",
        "azure-load-balancer-health-probe-request-path": "/healthz/ready",
      },
      "https",
    ),
    true,
  ],
  [
    "in its own protocol, whatever that of all is",
    service({ "azure-load-balancer-health-probe-protocol": "tcp" }, "https"),
    false,
  ],
  [
    "in that of all where it has none",
    service({ "azure-load-balancer-health-probe-protocol": "http" }),
    false,
  ],
  ["not at all", service({ port_443_no_probe_rule: "true" }, "https"), true],
])("%s", (_name, asked, healthy) => {
  expect(letsIn(asked, 443)).toBe(healthy);
});
