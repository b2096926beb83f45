import type { Config } from "./config.ts";

/** Path of the metadata of a protected resource. Source: RFC 9728 section 3. */
export const METADATA_PATH = "/.well-known/oauth-protected-resource";

/**
 * What tells a client where to get a token. Source: "Authorization" of MCP 2025-06-18, RFC 9728, RFC 6750.
 * Only where tokens come from an issuer; a static token comes from a person.
 */
export interface OAuth {
  /** The metadata, for a request that named this host; undefined where there is no issuer. */
  metadata(host: string | undefined): object | undefined;
  /** The header WWW-Authenticate, for a request that named this host; `error` says what was wrong with its token. */
  challenge(host: string | undefined, error?: string): string;
}

export function createOAuth({ server, listen, authentication }: Config): OAuth {
  const { jwt } = authentication;
  const resource = (host: string | undefined) =>
    new URL(listen.publicUrl ?? `http://${safe(host)}${listen.path}`);
  return {
    metadata(host) {
      if (jwt === undefined) return undefined;
      return {
        resource: resource(host).href,
        resource_name: server,
        authorization_servers: [jwt.issuer],
        bearer_methods_supported: ["header"],
      };
    },
    challenge(host, error) {
      const parameters = [`realm="${server}"`];
      if (error !== undefined) {
        parameters.push(
          'error="invalid_token"',
          `error_description="${error.replace(/[^\x20-\x7e]|["\\]/g, "'")}"`,
        );
      }
      if (jwt !== undefined) {
        const { origin, pathname } = resource(host);
        parameters.push(`resource_metadata="${origin}${METADATA_PATH}${pathname === "/" ? "" : pathname}"`);
      }
      return `Bearer ${parameters.join(", ")}`;
    },
  };
}

/** The host as the client named it, unless that can't be part of a URL. */
function safe(host = ""): string {
  const plain = /^([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?$/.test(host);
  // 999.9.9.9 and port 99999 look like a host, but no URL takes them.
  return plain && URL.canParse(`http://${host}`) ? host : "localhost";
}
