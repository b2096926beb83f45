import type { V1ObjectMeta } from "@kubernetes/client-node";

/** The group of the Gateway API. */
export const gatewayGroup = "gateway.networking.k8s.io";

/** The class whose Gateways AKS' application routing serves, and whom its statuses name. */
export const className = "approuting-istio";

/** Who writes statuses: Istio's controller, by whatever class. Source: istio/istio, pkg/config/constants. */
export const controllerName = "istio.io/gateway-controller";

/** One statement of a status. */
export interface Condition {
  type: string;
  status: "True" | "False";
  reason: string;
  message: string;
  observedGeneration?: number | undefined;
  lastTransitionTime?: string;
}

/** What all of these have. */
interface Base {
  metadata: V1ObjectMeta;
}

/** A label selector as listeners have one. */
export interface Selector {
  matchLabels?: Record<string, string>;
}

/** A listener of a Gateway; only what is acted on. */
export interface Listener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: { mode?: string; certificateRefs?: Ref[] };
  allowedRoutes?: {
    namespaces?: { from?: "Same" | "All" | "Selector" | "None"; selector?: Selector };
    kinds?: { group?: string; kind: string }[];
  };
}

/** A reference to an object, maybe in another namespace. */
export interface Ref {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

/** A Gateway; only what is acted on. */
export interface Gateway extends Base {
  spec: {
    gatewayClassName: string;
    addresses?: { type?: string; value?: string }[];
    infrastructure?: {
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
      parametersRef?: Ref;
    };
    listeners: Listener[];
  };
  status?: GatewayStatus;
}

/** What a Gateway tells. */
export interface GatewayStatus {
  addresses?: { type: string; value: string }[];
  conditions?: Condition[];
  listeners?: ListenerStatus[];
}

/** What a Gateway tells of one of its listeners. */
export interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds: { group: string; kind: string }[];
  conditions: Condition[];
}

/** Where a route wants to belong. */
export interface ParentRef extends Ref {
  sectionName?: string;
  port?: number;
}

/** What a request must be like; all that is said must hold. */
export interface RouteMatch {
  path?: { type?: string; value?: string };
  method?: string;
  headers?: { type?: string; name: string; value: string }[];
  queryParams?: { type?: string; name: string; value: string }[];
}

/** Headers to be changed. */
export interface HeaderChange {
  set?: { name: string; value: string }[];
  add?: { name: string; value: string }[];
  remove?: string[];
}

/** What a path becomes. */
export type PathChange =
  | { type: "ReplaceFullPath"; replaceFullPath: string }
  | { type: "ReplacePrefixMatch"; replacePrefixMatch: string };

/** What is done with a request besides passing it on. */
export interface Filter {
  type: string;
  requestRedirect?: {
    scheme?: string;
    hostname?: string;
    port?: number;
    path?: PathChange;
    statusCode?: number;
  };
  requestHeaderModifier?: HeaderChange;
  responseHeaderModifier?: HeaderChange;
  urlRewrite?: { hostname?: string; path?: PathChange };
}

/** A rule of a route. */
export interface Rule {
  matches?: RouteMatch[];
  filters?: Filter[];
  backendRefs?: (Ref & { port?: number; weight?: number })[];
  timeouts?: { request?: string; backendRequest?: string };
}

/** An HTTPRoute. */
export interface HttpRoute extends Base {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: Rule[] };
  status?: { parents?: RouteParentStatus[] };
}

/** What a route tells of one of its parents. */
export interface RouteParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions: Condition[];
}

/** A namespace's leave for others to refer to its objects. */
export interface ReferenceGrant extends Base {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}
