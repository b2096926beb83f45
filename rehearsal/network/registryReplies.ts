import type { ServerResponse } from "node:http";
import { type Access, scopeOf } from "./registryAccess.ts";

/** An answer of a registry's front. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** In ACR's words. Source: the recorded answers in https://github.com/GoogleContainerTools/jib/issues/2784 */
const words = "authentication required, visit https://aka.ms/acr/authorization for more information.";

/** Whoever asks has to show a bearer token for this, and is told where to get one. */
export function unauthorized(host: string, needs: readonly Access[]): Reply {
  const scope = needs.length > 0 ? `,scope="${scopeOf(needs)}"` : "";
  return challenge(
    `Bearer realm="https://${host}/oauth2/token",service="${host}"${scope}`,
    needs.flatMap(({ repository, actions }) =>
      actions.map((action) => ({ Type: "repository", Class: "", Name: repository, Action: action })),
    ),
  );
}

/** The catalogue is no repository's: a scope map can't allow it. */
export function catalogRefusal(host: string): Reply {
  return challenge(
    `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="registry:catalog:*"`,
    [{ Type: "registry", Class: "", Name: "catalog", Action: "*" }],
  );
}

/** A wrong name or password is asked for again. Source: https://github.com/Azure/acr/issues/651 */
export const wrongPassword: Reply = challenge('Basic realm="Azure Container Registry"', []);

/** What no registry has at a path. */
export const notFound: Reply = {
  status: 404,
  body: { errors: [{ code: "NOT_FOUND", message: "404 page not found", detail: null }] },
};

function challenge(authenticate: string, detail: object[]): Reply {
  return {
    status: 401,
    headers: { "www-authenticate": authenticate },
    body: { errors: [{ code: "UNAUTHORIZED", message: words, detail: detail.length > 0 ? detail : null }] },
  };
}

/** Sends an answer. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
