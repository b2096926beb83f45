import type * as pulumi from "@pulumi/pulumi";
import { INTERNET, type NetworkEgress } from "../network/egress.ts";
import type { ContainerResources } from "../resources.ts";
import { allowedEngines, defaultEngine, type OpenWebSearchSettings } from "./settings.ts";

/** The user of upstream's image and of the one that is built here. Source: upstream's Dockerfile. */
export const OPEN_WEB_SEARCH_USER = 1001;

/**
 * Measured with the real server on Node 24 (resident set): 150 MiB idle, 310 MiB with a thousand sessions;
 * 280 MiB after pages of 2 MB, the most that it downloads; with `readability`, which builds the page as a
 * browser would, 300 MiB for 200 kB and 575 MiB for 2 MB. Node gives its heap half of the limit, with which
 * the last was measured: with more it took 2.9 GiB for four such pages at once.
 */
export const OPEN_WEB_SEARCH_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "768Mi" },
};

/** How the image starts the server; KMCP's gateway has to be told. Source: CMD and WORKDIR of both images. */
export const STDIO_COMMAND = { command: "node", args: ["/app/build/index.js"] };

/** Environment of the server. Source of the names: upstream's src/config.ts and src/index.ts. */
export function searchEnv(settings: OpenWebSearchSettings): Record<string, string> {
  const { transport = "http", searchMode = "request", useProxy = false } = settings;
  return {
    // "http" serves /mcp, /sse and /messages; which of them clients reach is the guard's affair. The default,
    // "both", would also read standard input.
    MODE: transport === "stdio" ? "stdio" : "http",
    DEFAULT_SEARCH_ENGINE: defaultEngine(settings),
    ALLOWED_SEARCH_ENGINES: allowedEngines(settings).join(","),
    SEARCH_MODE: searchMode,
    // Browsers have no business here: the guard answers them, or refuses their Origin.
    ENABLE_CORS: "false",
    FETCH_WEB_INSECURE_TLS: "false",
    USE_PROXY: String(useProxy),
    // At start it logs the proxy's URL with the password in it, unless it is told to be quiet.
    ...(useProxy ? { OPEN_WEBSEARCH_QUIET_STARTUP: "true" } : {}),
  };
}

/**
 * What the server may call besides DNS. With a proxy only that: every request of upstream's engines and tools
 * goes through it (seen for all of them), and what an attack makes beside it doesn't leave the pod, but to
 * the addresses of the guard's issuer, if it has one.
 */
export function searchEgress(settings: {
  useProxy?: boolean;
  proxyEgress?: NetworkEgress[];
  egress?: NetworkEgress[];
}): NetworkEgress[] {
  return [...((settings.useProxy ? settings.proxyEgress : settings.egress) ?? INTERNET)];
}

/** Everything that the deployment is told about the program. */
export function searchProgram(settings: OpenWebSearchSettings): {
  transport: "http" | "stdio";
  command?: string;
  args?: pulumi.Input<string>[];
} {
  return settings.transport === "stdio"
    ? { transport: "stdio", ...STDIO_COMMAND, args: [...STDIO_COMMAND.args] }
    : { transport: "http" };
}
