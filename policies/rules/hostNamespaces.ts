import { podPath } from "../lib/containers.ts";
import { podRule } from "../lib/podRule.ts";
import { shown } from "../lib/security.ts";
import { dig, isHidden } from "../lib/unknown.ts";

const shares = {
  hostNetwork: "its node's network: no NetworkPolicy holds there, and the instance metadata service answers",
  hostPID: "its node's processes",
  hostIPC: "its node's shared memory",
};

/** Pods have namespaces of their own. Source: "Host Namespaces" of the pod security standard "baseline". */
export const hostNamespaces = podRule<object>({
  name: "host-namespaces",
  displayName: "Pods have namespaces of their own",
  severity: "critical",
  demands: "No pod shares its node's network, process or IPC namespace.",
  why:
    "It would see and reach what is the node's: other pods' traffic and processes, and the identity with which the " +
    "node itself calls Azure.",
  fix: "Take hostNetwork, hostPID and hostIPC out; reach other pods by a Service.",
  config: {},
  unknowns: "fail",
  checkPod(pod, _config, found) {
    for (const [field, what] of Object.entries(shares)) {
      const value = dig(pod.spec, field);
      if (!isHidden(value, found) && value !== undefined && value !== false) {
        found.violation(`The pod shares ${what} (${podPath(pod, field)} is ${shown(value)}).`);
      }
    }
  },
});
