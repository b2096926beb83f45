import { DNS_LABEL, URL_PATH } from "../forms.ts";
import { MANAGEMENT_PORT } from "../mcpGuard/config.ts";
import { ENDPOINT_PATH } from "../mcpGuard/forms.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";
import type { McpTransport } from "./source.ts";

/** Where a stdio server's guard listens: the pod's other port is the gateway's. */
export const STDIO_GUARD_PORT = 3001;

/** What decides where a server is found. */
export interface AddressArgs {
  transport: McpTransport;
  port?: number;
  serverPort?: number;
  path?: string;
}

/** Where a server is found. */
export interface ServerAddress {
  name: string;
  path: string;
  /** The pod's port that clients reach: the guard's, if there is one. */
  port: number;
  /** The port of the MCPServer's `deployment`, and with it of the Service that has the server's name. */
  deploymentPort: number;
  /** The port that the server listens on, or the gateway of a stdio server. */
  serverPort: number;
  /** The Service that clients call. */
  service: string;
}

/** An argument that can't be as it is, and what it must be instead. */
export interface AddressConflict {
  key: "port" | "serverPort" | "path";
  rule: string;
}

/** Two that listen on one port of the pod, and what nobody would look at. */
export function addressConflicts(server: AddressArgs, guarded: boolean): AddressConflict[] {
  const { transport, port = 3000, serverPort, path } = server;
  const conflicts: AddressConflict[] = [];
  if (serverPort !== undefined && transport === "stdio") {
    conflicts.push({ key: "serverPort", rule: "left out for a stdio server, whose gateway listens on port" });
  } else if (serverPort !== undefined && !guarded) {
    conflicts.push({ key: "serverPort", rule: "left out without a guard: the server listens on port" });
  }
  if (!guarded) return conflicts;
  const guards = transport === "stdio" ? [STDIO_GUARD_PORT, MANAGEMENT_PORT] : [MANAGEMENT_PORT];
  if (guards.includes(port))
    conflicts.push({ key: "port", rule: `another than ${port}, which the guard has` });
  if (serverPort !== undefined && [port, MANAGEMENT_PORT].includes(serverPort)) {
    conflicts.push({ key: "serverPort", rule: `another than ${serverPort}, which the guard has` });
  }
  if (path !== undefined && !ENDPOINT_PATH.pattern.test(path)) {
    conflicts.push({ key: "path", rule: ENDPOINT_PATH.words });
  }
  return conflicts;
}

/** Finds everything a place of its own. */
export function serverAddress(
  name: string,
  { transport, ...args }: AddressArgs,
  guarded: boolean,
): ServerAddress {
  const port = ensure("port", args.port ?? 3000, wholeNumber(1, 65535));
  const path = ensure("path", args.path ?? "/mcp", matches(URL_PATH));
  const found = { name: ensure("name", name, matches(DNS_LABEL)), path, deploymentPort: port };
  if (!guarded) return { ...found, port, serverPort: port, service: name };
  if (transport === "stdio") {
    const service = `${name}-guard`;
    if (!DNS_LABEL.pattern.test(service)) {
      throw new InputPropertyError(
        "name",
        `${JSON.stringify(name)} is too long; ${service} is a Service's name too`,
      );
    }
    return { ...found, port: STDIO_GUARD_PORT, serverPort: port, service };
  }
  const serverPort = args.serverPort ?? (port === 8080 ? 8081 : 8080);
  return {
    ...found,
    port,
    serverPort: ensure("serverPort", serverPort, wholeNumber(1, 65535)),
    service: name,
  };
}
