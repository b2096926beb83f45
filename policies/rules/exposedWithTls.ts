import { kindOf, namespaceOf, ofKind } from "../lib/objects.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { isRoute, leadsToService } from "./exposed/route.ts";

/** Configuration of `exposed-with-tls`. */
export interface ExposedWithTlsConfig {
  /** Why a Gateway that another stack makes may be trusted, by `namespace/name`. @default {} */
  gateways: Record<string, string>;
}

const GROUP = "gateway.networking.k8s.io";
const ENCRYPTED = ["HTTPS", "TLS"];

/** Nothing is served to the outside in clear. */
export const exposedWithTls = stackRule<ExposedWithTlsConfig>({
  name: "exposed-with-tls",
  displayName: "Nothing exposed without TLS",
  severity: "critical",
  demands:
    "What a Gateway or an Ingress leads to is reached with TLS only; plain HTTP has redirects and nothing else.",
  why: "A token that goes over the wire in clear once is everybody's on the way.",
  fix:
    "Give the Gateway a listener of protocol HTTPS with a certificate, name it in the route's parentRefs.sectionName, " +
    "and leave plain HTTP to a RequestRedirect. Give an Ingress spec.tls for each of its hosts.",
  config: {
    gateways: {
      type: "object",
      additionalProperties: { type: "string", minLength: 10 },
      default: {},
      description: "Why a Gateway that another stack makes may be trusted to have TLS, by namespace/name.",
    },
  },
  check(resources, { gateways }, found) {
    const own = ofKind(resources, `${GROUP}/Gateway`);
    for (const each of resources) {
      const kind = kindOf(each.type) ?? "";
      if (kind === "networking.k8s.io/Ingress") checkIngress(each, found);
      if (kind === `${GROUP}/TCPRoute` || kind === `${GROUP}/UDPRoute`) {
        found.violation(`${each.name} leads bytes in as they come, and nothing here sees TLS in them.`, each);
      }
      if (isRoute(kind) && leadsToService(each.props, (hidden) => found.unknown(hidden, each)))
        checkRoute(each, own, gateways, found);
    }
  },
});

function checkRoute(
  route: StackResource,
  gateways: readonly StackResource[],
  trusted: Record<string, string>,
  found: StackFindings,
) {
  const refs = dig(route.props, "spec", "parentRefs");
  if (refs instanceof Unknown) return found.unknown(refs, route);
  for (const ref of Array.isArray(refs) ? refs : []) {
    const name = dig(ref, "name");
    const namespace = dig(ref, "namespace") ?? namespaceOf(route);
    const hidden = [ref, name, namespace].find((each) => each instanceof Unknown);
    if (hidden instanceof Unknown) {
      found.unknown(hidden, route);
      continue;
    }
    if (Object.hasOwn(trusted, `${namespace}/${name}`)) continue;
    const gateway = gateways.find(
      (each) => dig(each.props, "metadata", "name") === name && namespaceOf(each) === namespace,
    );
    if (gateway === undefined) {
      found.violation(
        `${route.name} is led to by ${dig(ref, "kind") ?? "Gateway"} ${namespace}/${name}, which isn't in this stack: ` +
          "whether it has TLS can't be seen.",
        route,
      );
    } else checkListeners(route, ref, gateway, found);
  }
}

function checkListeners(route: StackResource, ref: unknown, gateway: StackResource, found: StackFindings) {
  const listeners = dig(gateway.props, "spec", "listeners");
  if (listeners instanceof Unknown) return found.unknown(listeners, gateway);
  const [section, port] = [dig(ref, "sectionName"), dig(ref, "port")];
  for (const each of Array.isArray(listeners) ? listeners : []) {
    if (each instanceof Unknown) {
      found.unknown(each, gateway);
      continue;
    }
    const asked =
      (section === undefined || section instanceof Unknown || dig(each, "name") === section) &&
      (port === undefined || port instanceof Unknown || dig(each, "port") === port);
    if (!asked) continue;
    const protocol = dig(each, "protocol");
    if (protocol instanceof Unknown) found.unknown(protocol, gateway);
    else if (!ENCRYPTED.includes(String(protocol))) {
      found.violation(
        `${route.name} is served in clear by the listener ${dig(each, "name")} of ${gateway.name} (protocol ${protocol}).`,
        route,
      );
    }
  }
}

function checkIngress(ingress: StackResource, found: StackFindings) {
  const tls = dig(ingress.props, "spec", "tls");
  const rules = dig(ingress.props, "spec", "rules");
  for (const value of [tls, rules]) if (value instanceof Unknown) return found.unknown(value, ingress);
  const secured = (Array.isArray(tls) ? tls : []).flatMap((each) => {
    const hosts = dig(each, "hosts");
    return Array.isArray(hosts) ? hosts : [];
  });
  const hosts = (Array.isArray(rules) ? rules : [undefined]).map((each) => dig(each, "host"));
  for (const host of hosts) {
    if (host instanceof Unknown) found.unknown(host, ingress);
    else if (host === undefined ? secured.length === 0 : !secured.some((each) => covers(each, host))) {
      found.violation(
        `${ingress.name} serves ${host ?? "every host"} in clear (spec.tls doesn't name it).`,
        ingress,
      );
    }
  }
}

/** Whether a host of `spec.tls` is this one, or stands for it: `*` is for one label, as in certificates. */
function covers(secured: unknown, host: unknown): boolean {
  if (secured === host) return true;
  const [own, asked] = [String(secured), String(host)];
  return own.startsWith("*.") && asked.includes(".") && asked.slice(asked.indexOf(".")) === own.slice(1);
}
