import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { requireGuard } from "./mcpGuard/required.ts";
import {
  type KnownServerArgs,
  type McpEgress,
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "./mcpServerDeployment.ts";
import type { SearchEngine, SearchMode } from "./openWebSearch/engines.ts";
import { type OpenWebSearchGuard, searchGuard } from "./openWebSearch/guard.ts";
import {
  OPEN_WEB_SEARCH_RESOURCES,
  OPEN_WEB_SEARCH_USER,
  searchEgress,
  searchEnv,
  searchProgram,
} from "./openWebSearch/pod.ts";
import { checkedProxyUrl } from "./openWebSearch/proxy.ts";
import {
  besideProxy,
  issuerAlone,
  type OpenWebSearchTransport,
  openWebSearchConflicts,
} from "./openWebSearch/settings.ts";
import type { ContainerResources } from "./resources.ts";
import { InputPropertyError } from "./validation.ts";

export { SEARCH_ENGINES, type SearchEngine, type SearchMode } from "./openWebSearch/engines.ts";
export type { OpenWebSearchGuard } from "./openWebSearch/guard.ts";
export type { OpenWebSearchTransport } from "./openWebSearch/settings.ts";

/** Arguments of OpenWebSearch. */
export interface OpenWebSearchArgs extends KnownServerArgs, Pick<McpServerDeploymentArgs, "port"> {
  /**
   * Image with tag or digest, built by servers/open-websearch/Dockerfile or from the same source. Upstream's
   * own, ghcr.io/aas-ee/open-web-search, is built from tags only; its last, v2.1.11, doesn't know hackernews.
   */
  image: pulumi.Input<string>;
  /**
   * What stands before the server; without one every pod that reaches it could use it up, so there is no
   * "none".
   */
  guard: OpenWebSearchGuard;
  /**
   * How clients talk to it; "sse" adds the older transport, "http" and "streamable-http" are one.
   * @default "http"
   */
  transport?: OpenWebSearchTransport;
  /**
   * Search engines that may be asked, the best first; others are refused by the guard, and by the server too.
   * @default ["duckduckgo", "startpage", "brave", "bing"]
   */
  allowedEngines?: SearchEngine[];
  /**
   * The engine that is asked when a call names none, one of `allowedEngines`.
   * @default - the first of them
   */
  defaultEngine?: SearchEngine;
  /** When an engine fails, the next allowed one is asked. @default true */
  fallback?: boolean;
  /**
   * Callers may fetch pages: any public one by fetchWebContent, a repository's README by fetchGithubReadme,
   * and articles of allowed engines' sites. With false only `search` is left, the smaller way out for what a
   * prompt makes a model say.
   * @default true
   */
  fetchPages?: boolean;
  /** How Bing is asked; the modes with a browser need an image that has one. @default "request" */
  searchMode?: SearchMode;
  /**
   * Every request of the server goes through an HTTP proxy, and the pods may call that, DNS, and what the
   * guard needs: where callers have tokens of an issuer (`guard.authentication.jwt`), the issuer's addresses
   * are open to the server too. An issuer's `egress` to all addresses is an error then.
   * @default false
   */
  useProxy?: boolean;
  /**
   * The proxy's URL, if `useProxy` is on and only then: "http://user:password@host:port". It is kept as a
   * secret. A percent sign is an error, because upstream encodes the URL once more; such a password has to
   * change.
   * @default - none
   */
  proxyUrl?: pulumi.Input<string>;
  /**
   * The proxy's addresses, if `useProxy` is on: what the pods may call then, besides DNS and the guard's
   * issuer.
   * @default - none
   */
  proxyEgress?: McpEgress[];
  /**
   * What the pods may call without a proxy.
   * @default - the internet over IPv4, port 443; no private addresses
   */
  egress?: McpEgress[];
  /**
   * One pod: sessions are in its memory, and no other would answer them. Any other number is an error.
   * @default 1
   */
  replicas?: 1;
  /**
   * Requests and limits; Node's heap takes half of the memory.
   * @default { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "768Mi" } }
   */
  resources?: ContainerResources;
  /** How long clients should wait for an answer, in seconds. @default 60 */
  timeoutSeconds?: number;
}

/**
 * Open-WebSearch (https://github.com/Aas-ee/open-webSearch) behind a guard: web search without API keys,
 * because it reads the engines' public result pages. docs/open-websearch.md has the security review, and what
 * engines say about such use; read it before you switch it on.
 *
 * Makes an McpServerDeployment, and a Secret if there is a proxy. The pod's root file system is read-only; it
 * runs as user 1001. Costs what its pod requests; the engines ask for no money.
 */
export class OpenWebSearch extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://search.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer, the Deployment and the Service. */
  declare readonly name: pulumi.Output<string>;
  /** The callers' tokens, by their names, as a secret; {} without static tokens. */
  declare readonly tokens: pulumi.Output<Record<string, string>>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: OpenWebSearchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:OpenWebSearch", name, {}, opts);
    requireGuard(
      args.guard,
      "any pod that reaches the server could use up its memory and what engines put up with",
    );
    const conflict = openWebSearchConflicts(args)[0];
    if (conflict) throw new InputPropertyError(conflict.path.join("."), `must be ${conflict.rule}`);
    const wide = besideProxy(args.useProxy ?? false, args.guard.authentication.jwt?.egress)[0];
    if (wide !== undefined) {
      throw new InputPropertyError(
        `guard.authentication.jwt.egress.${wide}.cidr`,
        `must be ${issuerAlone()}`,
      );
    }
    const { guard, allowedEngines, defaultEngine, fallback, fetchPages, searchMode, ...rest } = args;
    const { useProxy, proxyUrl, proxyEgress, egress, ...passed } = rest;

    const proxy =
      proxyUrl === undefined
        ? undefined
        : new Secret(
            `${name}-proxy`,
            {
              // Without a name of its own: a new URL makes a new Secret, whose new name makes a new pod.
              metadata: { namespace: args.namespace },
              stringData: { PROXY_URL: checkedProxyUrl(proxyUrl) },
            },
            { parent: this },
          );
    const server = new McpServerDeployment(
      name,
      {
        ...passed,
        ...searchProgram(args),
        timeoutSeconds: args.timeoutSeconds ?? 60,
        resources: args.resources ?? OPEN_WEB_SEARCH_RESOURCES,
        guard: searchGuard(guard, args),
        env: searchEnv(args),
        secretRefs: proxy ? [proxy.metadata.name] : [],
        egress: searchEgress({ useProxy, proxyEgress, egress }),
        runAsUser: OPEN_WEB_SEARCH_USER,
      },
      { parent: this },
    );

    this.url = server.url;
    this.name = server.name;
    this.tokens = server.tokens;
    this.podLabels = server.podLabels;
    this.registerOutputs({ url: this.url, name: this.name, tokens: this.tokens });
  }
}
