import { kindOf } from "../lib/objects.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { isRoute, leadsToService } from "./exposed/route.ts";

/** Configuration of `exposed-with-auth`. */
export interface ExposedWithAuthConfig {
  /** The annotation that says who asks callers who they are. */
  annotation: string;
}

const INGRESS = "networking.k8s.io/Ingress";
const SHORTEST = 10;

/** What is reached from outside says how it knows its callers. */
export const exposedWithAuth = rule<ExposedWithAuthConfig>({
  name: "exposed-with-auth",
  displayName: "Nothing exposed without authentication",
  severity: "critical",
  demands: "Each route and Ingress that leads to a Service says who authenticates callers.",
  why:
    "A model or a tool that anybody may call is somebody's free GPU, and their way in. No rule can see from outside " +
    "whether a program asks for a sign-in, so whoever exposes it has to say so, where a reviewer reads it.",
  fix:
    "Annotate the route or Ingress with mcpaas.dev/authentication and who asks callers who they are, for example " +
    '"Open WebUI: sign-in with Entra ID". Where nobody does, put a guard in front.',
  config: {
    annotation: {
      type: "string",
      default: "mcpaas.dev/authentication",
      description: "The annotation that says who asks callers who they are.",
    },
  },
  applies: (type) => isRoute(kindOf(type) ?? "") || kindOf(type) === INGRESS,
  check({ type, name, props }, { annotation }, found) {
    if (kindOf(type) !== INGRESS && !leadsToService(props, found.unknown)) return;
    const says = dig(props, "metadata", "annotations", annotation);
    if (says instanceof Unknown) return found.unknown(says);
    if (typeof says !== "string" || says.trim().length < SHORTEST) {
      found.violation(
        `${name} leads in from outside and doesn't say who authenticates callers (metadata.annotations["${annotation}"]).`,
      );
    }
  },
});
