import { kindOf } from "../lib/objects.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `namespace-pod-security`. */
export interface NamespacePodSecurityConfig {
  /** The annotation that says why a namespace needs a weaker standard; "" allows none. */
  reasonAnnotation: string;
}

const ENFORCE = "pod-security.kubernetes.io/enforce";
const SHORTEST_REASON = 20;

/** Namespaces say which pod security standard the API server enforces. */
export const namespacePodSecurity = rule<NamespacePodSecurityConfig>({
  name: "namespace-pod-security",
  displayName: "Namespaces enforce pod security",
  severity: "high",
  demands:
    'A namespace enforces the pod security standard "restricted", or says why its pods can\'t meet it and enforces ' +
    "another.",
  why:
    "Rules in a program see what the program makes. The label has the API server refuse what a person, a chart or a " +
    "controller puts there later.",
  fix:
    `Set the label ${ENFORCE}: restricted. Where pods can't meet it, "baseline" or "privileged" with a reason of at ` +
    `least ${SHORTEST_REASON} characters in the annotation mcpaas.dev/pod-security-exemption.`,
  config: {
    reasonAnnotation: {
      type: "string",
      default: "mcpaas.dev/pod-security-exemption",
      description: 'The annotation that says why a namespace needs a weaker standard; "" allows none.',
    },
  },
  applies: (type) => kindOf(type) === "core/Namespace",
  check({ props }, { reasonAnnotation }, found) {
    const standard = dig(props, "metadata", "labels", ENFORCE);
    if (standard instanceof Unknown) return found.unknown(standard);
    if (standard === "restricted") return;
    const where = `metadata.labels["${ENFORCE}"]`;
    if (standard !== "baseline" && standard !== "privileged") {
      return found.violation(
        `The namespace enforces no pod security standard (${where} is ${standard ?? "not set"}).`,
      );
    }
    const reason = reasonAnnotation === "" ? "" : dig(props, "metadata", "annotations", reasonAnnotation);
    if (reason instanceof Unknown) return found.unknown(reason);
    if (String(reason ?? "").trim().length < SHORTEST_REASON) {
      found.violation(`The namespace enforces only "${standard}" and doesn't say why (${where}).`);
    }
  },
});
