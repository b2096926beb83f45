import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { dig, isHidden, join, Unknown } from "../lib/unknown.ts";

/** Containers take no port of their node. Source: "Host Ports" of the pod security standard "baseline". */
export const hostPorts = containerRule<object>({
  name: "host-ports",
  displayName: "Containers take no port of their node",
  severity: "high",
  demands: "No container has a hostPort.",
  why:
    "The port is open on the node's own address, past Services and their rules, and a second pod that wants it waits " +
    "for ever.",
  fix: "Take hostPort out, and reach the pod by a Service.",
  config: {},
  unknowns: "fail",
  roles: ALL_ROLES,
  checkContainer({ label, path, fields }, _pod, _config, found) {
    const ports = dig(fields, "ports");
    if (isHidden(ports, found)) return;
    if (!Array.isArray(ports)) return;
    ports.forEach((port, i) => {
      const hostPort = port instanceof Unknown ? port : dig(port, "hostPort");
      if (isHidden(hostPort, found)) return;
      if (hostPort === undefined || hostPort === 0) return;
      found.violation(
        `${label} takes port ${hostPort} of its node (${join(join(path, "ports"), i)}.hostPort).`,
      );
    });
  },
});
