import { parse, stringify } from "yaml";
import type { LocalPod } from "./localPod.ts";

/** The guard's configuration, as far as it tells of ports and paths; the rest is passed on as it is. */
interface GuardSettings {
  listen?: { host?: string; port?: number };
  management?: { host?: string; port?: number };
  upstream: { url: string };
  authentication?: { tokens?: { directory: string } };
  sessions?: { keyFile?: string };
}

/** The ports that the guard listens on. Source of the defaults: servers/guard/config.ts. */
export function guardPorts(text: string): number[] {
  const { listen, management }: GuardSettings = parse(text);
  return [listen?.port ?? 3000, management?.port ?? 9464];
}

/**
 * 127.0.0.1, spelled so that servers don't know it for loopback: there they would answer to loopback's names only, and
 * in a pod they answer to every name that leads to it.
 */
export const anyNameOnLoopback = "127.1";

/** The guard's configuration with the ports and paths that its pod has here, where only loopback is listened on. */
export function adaptGuardSettings(text: string, { port, path }: LocalPod): string {
  const settings: GuardSettings = parse(text);
  const [mcp = 0, management = 0] = guardPorts(text);
  const upstream = new URL(settings.upstream.url);
  // Nobody listens on port 1: a server that doesn't run here doesn't answer.
  upstream.port = String(port(Number(upstream.port)) ?? 1);
  const { authentication, sessions } = settings;
  const tokens = authentication?.tokens;
  const here = {
    ...settings,
    listen: { ...settings.listen, host: anyNameOnLoopback, port: port(mcp) },
    management: { ...settings.management, host: "127.0.0.1", port: port(management) },
    upstream: { ...settings.upstream, url: upstream.href },
    ...(sessions?.keyFile && { sessions: { ...sessions, keyFile: path(sessions.keyFile) } }),
    ...(tokens && {
      authentication: { ...authentication, tokens: { ...tokens, directory: path(tokens.directory) } },
    }),
  };
  return stringify(here);
}
