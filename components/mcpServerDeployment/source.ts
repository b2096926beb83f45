/** How the server talks: itself over streamable HTTP, or over stdio behind KMCP's gateway. */
export type McpTransport = "http" | "stdio";

/** Commands for which KMCP brings an image of its own. Source: transportadapter_translator.go, v0.3.0. */
const COMMANDS_WITH_IMAGE = ["npx", "uvx"];

/** What decides where a server's program comes from. */
export interface ServerSource {
  transport: McpTransport;
  image?: unknown;
  command?: string;
  path?: string;
  egress?: readonly unknown[];
}

/** An argument that can't be as it is, and what it must be instead. */
export interface SourceConflict {
  key: keyof ServerSource;
  rule: string;
}

/** What KMCP would accept first and fail on later. */
export function sourceConflicts(server: ServerSource): SourceConflict[] {
  const { transport, image, command, path, egress } = server;
  const stdio = transport === "stdio";
  const fetches = image === undefined && COMMANDS_WITH_IMAGE.includes(command ?? "");
  const conflicts: SourceConflict[] = [];
  if (image === undefined && !fetches) {
    conflicts.push({
      key: "image",
      rule: "an image, or the command npx or uvx, for which KMCP brings one",
    });
  }
  if (stdio && command === undefined) {
    conflicts.push({
      key: "command",
      rule: "a command, for a stdio server: KMCP's gateway starts it, and doesn't know the image's entry point",
    });
  }
  if (stdio && path !== undefined && path !== "/mcp") {
    conflicts.push({ key: "path", rule: "/mcp, for a stdio server: KMCP's gateway serves it there" });
  }
  if (fetches && !egress?.length) {
    conflicts.push({
      key: "egress",
      rule: `the addresses of the package registry, because ${command} fetches its package from there when it starts; better build an image with the package in it and give image`,
    });
  }
  return conflicts;
}

/**
 * Size of /tmp: a package that is fetched, with what it needs and the cache of npm or uv, has no other place
 * on a read-only root file system.
 */
export function defaultTmpSize(image: unknown): string {
  return image === undefined ? "1Gi" : "64Mi";
}
