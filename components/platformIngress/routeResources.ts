import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressHsts, IngressRoute } from "./args.ts";
import type { ClassTraits } from "./classes.ts";
import { GATEWAY_API } from "./gateway.ts";
import { type ParentGateway, ROUTE_READY, redirectSpec, routePolicySpec, routeSpec } from "./routes.ts";

/** What decides whether a route is accepted: its Gateway, and the Services that it leads to. */
const WHAT_IT_LEANS_ON = ["spec.parentRefs", "spec.rules[*].backendRefs"];

/** Where a route says who asks callers who they are. */
export const AUTHENTICATION = "mcpaas.dev/authentication";

/** What routes are made of. */
export interface RouteParts {
  routes: readonly IngressRoute[];
  parent: ParentGateway;
  hsts: IngressHsts | false;
  timeouts: ClassTraits["timeouts"];
  waf?: pulumi.Input<string>;
}

/** The routes, each in the namespace of its Service, and what the class wants besides. */
export function ingressRoutes(
  name: string,
  { routes, parent, hsts, timeouts, waf }: RouteParts,
  options: pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] },
): CustomResource[] {
  const route = (resource: string, place: { namespace: string; name: string }, spec: object, says?: string) =>
    new CustomResource(
      resource,
      {
        apiVersion: GATEWAY_API,
        kind: "HTTPRoute",
        metadata: {
          ...place,
          annotations: {
            ...(says !== undefined && { [AUTHENTICATION]: says }),
            "pulumi.com/waitFor": ROUTE_READY,
          },
        },
        spec,
      },
      {
        ...options,
        customTimeouts: { create: "5m", update: "5m", delete: "5m" },
        // A changed route still has the old one's status for a moment, which would do for the wait; a new one hasn't.
        replaceOnChanges: WHAT_IT_LEANS_ON,
        deleteBeforeReplace: true,
      },
    );
  const hosts = routes.map(({ host }) => host);
  const toRedirect = { namespace: parent.namespace, name: "redirect" };
  const redirect = route(`${name}-redirect`, toRedirect, redirectSpec(parent, hosts));
  const made = routes.flatMap((each) => {
    const { host, target, authentication } = each;
    const limited = timeouts === "httpRoute";
    const place = { namespace: target.namespace, name: host };
    const own = route(`${name}-route-${host}`, place, routeSpec(parent, each, hsts, limited), authentication);
    return limited
      ? [own]
      : [own, timeLimit(name, each, { ...options, dependsOn: [...options.dependsOn, own] })];
  });
  return [redirect, ...made, ...(waf === undefined ? [] : [firewall(name, parent, waf, options)])];
}

/** The longest time of an answer, where the class has it in a policy of its own. */
function timeLimit(name: string, route: IngressRoute, options: pulumi.CustomResourceOptions): CustomResource {
  return new CustomResource(
    `${name}-time-limit-${route.host}`,
    {
      apiVersion: "alb.networking.azure.io/v1",
      kind: "RoutePolicy",
      metadata: { name: route.host, namespace: route.target.namespace },
      spec: routePolicySpec(route),
    },
    options,
  );
}

/** Has every request to the Gateway judged by a web application firewall policy. */
function firewall(
  name: string,
  gateway: ParentGateway,
  id: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    `${name}-waf`,
    {
      apiVersion: "alb.networking.azure.io/v1",
      kind: "WebApplicationFirewallPolicy",
      metadata: { name: gateway.name, namespace: gateway.namespace },
      spec: {
        targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway },
        webApplicationFirewall: { id },
      },
    },
    options,
  );
}
