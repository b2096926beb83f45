import { z } from "zod";
import { PINNED_IMAGE } from "../../../components/forms.ts";
import { DEFAULT_ENGINES, SEARCH_ENGINES, SEARCH_MODES } from "../../../components/openWebSearch/engines.ts";
import { openWebSearchConflicts, PROXY_URL } from "../../../components/openWebSearch/settings.ts";
import { clients, egress } from "./clients.ts";
import { resources, text } from "./fields.ts";
import { ownGuard } from "./ownGuard.ts";

/** Web search for the models; docs/open-websearch.md. */
export const openWebSearch = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "Run Open-WebSearch, which reads engines' public result pages; see docs/open-websearch.md",
      example: true,
    }),
    image: text(PINNED_IMAGE).optional().meta({
      description: "Its image; one without a registry host is in the stack's registry",
      example: "ghcr.io/aas-ee/open-web-search:v2.1.11",
      otherwise: "built from servers/open-websearch",
    }),
    transport: z.enum(["http", "streamable-http", "sse", "stdio"]).default("http").meta({
      description:
        "http and streamable-http: /mcp; sse: also /sse and /messages; stdio: KMCP's gateway starts it per session",
      example: "sse",
    }),
    allowedEngines: z
      .array(z.enum(SEARCH_ENGINES))
      .default([...DEFAULT_ENGINES])
      .meta({
        description: "Search engines that may be asked, the best first",
        example: ["bing", "hackernews"],
      }),
    defaultEngine: z.enum(SEARCH_ENGINES).optional().meta({
      description: "The engine that is asked when a call names none",
      example: "bing",
      otherwise: "the first of allowedEngines",
    }),
    fallback: z.boolean().default(true).meta({
      description: "When an engine fails, the next allowed one is asked",
      example: false,
    }),
    fetchPages: z.boolean().default(true).meta({
      description: "Callers may also fetch public pages, and READMEs of GitHub",
      example: false,
    }),
    searchMode: z.enum(SEARCH_MODES).default("request").meta({
      description: "How Bing is asked; playwright needs an image with a browser",
      example: "request",
    }),
    useProxy: z.boolean().default(false).meta({
      description:
        "The server's requests go through an HTTP proxy; besides it the pod may call DNS and the guard's issuer",
      example: true,
    }),
    proxyUrl: text(PROXY_URL).optional().meta({
      description:
        "The proxy; pulumi config set --secret --path mcpaas:openWebSearch.proxyUrl if it holds a password",
      example: "http://proxy.example.com:3128",
      otherwise: "required with useProxy",
    }),
    proxyEgress: egress.optional().meta({
      description: "The proxy's addresses",
      example: [{ cidr: "10.1.0.4/32", ports: [3128] }],
      otherwise: "required with useProxy",
    }),
    egress: egress.optional().meta({
      description: "What the server may call besides DNS, without a proxy",
      example: [{ cidr: "0.0.0.0/0", ports: [80, 443] }],
      otherwise: "the internet over IPv4 on port 443, and no private address",
    }),
    clients: clients.meta({
      description: "Pods that may call the server; [] is nobody",
      example: [{ namespace: "chat" }],
      otherwise:
        "the chat app and the ingress if they call it; if it isn't public and chat.enabled is false, the pods of its namespace",
    }),
    guard: ownGuard,
    resources,
  })
  .superRefine((settings, context) => {
    for (const { path, rule } of openWebSearchConflicts(settings)) {
      const params = path[0] === "proxyUrl" ? { secret: true } : undefined;
      context.addIssue({ code: "custom", path, message: rule, params });
    }
    const allowed: readonly string[] = settings.allowedEngines;
    for (const engine of Object.keys(settings.guard.limits?.engines ?? {})) {
      if (allowed.includes(engine)) continue;
      const message = `one of allowedEngines: ${allowed.join(", ")}`;
      context.addIssue({ code: "custom", path: ["guard", "limits", "engines", engine], message });
    }
  })
  .prefault({});
