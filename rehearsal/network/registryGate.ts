import { accessOf, allowedBy, covers, type Target } from "./registryAccess.ts";
import { catalogRefusal, notFound, type Reply, unauthorized, wrongPassword } from "./registryReplies.ts";
import { BearerTokens } from "./registryTokens.ts";

/** What Azure knows of its registries. */
export interface Registries {
  /** When the registry with this host was made; nothing when there is none. */
  registryMade(loginServer: string): string | undefined;
  /** What a registry token may do; nothing when name or password is wrong, disabled or expired. */
  registryLogin(login: {
    loginServer: string;
    username: string;
    password: string;
  }): { actions: string[] } | undefined;
}

/**
 * Who may do what in a registry, as ACR finds out: those who don't say who they are are sent to /oauth2/token, where
 * a registry token's name and password are exchanged for a bearer token that carries what the scope map allows.
 * Name and password alone do as well. Sources: the token specification of github.com/distribution/distribution, and
 * docs/Token-BasicAuth.md of github.com/Azure/acr.
 */
export class RegistryGate {
  readonly #registries: Registries;
  readonly #tokens: BearerTokens;

  /** @param now decides when bearer tokens expire. */
  constructor(registries: Registries, now?: () => number) {
    this.#registries = registries;
    this.#tokens = new BearerTokens(now);
  }

  /** What keeps a request out, or nothing. */
  judge(host: string, authorization: string | undefined, target: Target): Reply | undefined {
    const needs = target.kind === "repository" ? target.needs : [];
    const [scheme, value] = splitHeader(authorization);
    if (target.kind === "none") {
      return notFound;
    }
    if (scheme === "basic") {
      const actions = this.#actionsOf(host, value);
      if (!actions) {
        return wrongPassword;
      }
      const held = needs.map(({ repository }) => ({ repository, actions: allowedBy(actions, repository) }));
      return refusal(host, target, covers(held, needs));
    }
    const held = this.#tokens.accessOf(host, value);
    return refusal(host, target, held !== undefined && covers(held, needs));
  }

  /** A bearer token for whoever shows the name and password of a registry token. */
  exchange(host: string, method: string, url: URL, authorization: string | undefined): Reply {
    if (method !== "GET") {
      return notFound;
    }
    const [scheme, value] = splitHeader(authorization);
    const actions = scheme === "basic" ? this.#actionsOf(host, value) : undefined;
    if (!actions) {
      return unauthorized(host, []);
    }
    // What is asked for and not allowed is left out, without an error: the request that needs it gets that.
    const access = accessOf(url.searchParams.getAll("scope")).map(({ repository, actions: asked }) => {
      const allowed = allowedBy(actions, repository);
      return { repository, actions: asked.filter((action) => allowed.includes(action)) };
    });
    return { status: 200, body: { access_token: this.#tokens.issue(host, access) } };
  }

  #actionsOf(loginServer: string, basic: string): string[] | undefined {
    const [, username = "", password = ""] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(basic, "base64").toString()) ?? [];
    return this.#registries.registryLogin({ loginServer, username, password })?.actions;
  }
}

function refusal(host: string, target: Target, allowed: boolean): Reply | undefined {
  if (target.kind === "catalog") {
    return catalogRefusal(host);
  }
  return allowed ? undefined : unauthorized(host, target.kind === "repository" ? target.needs : []);
}

function splitHeader(authorization = ""): [scheme: string, value: string] {
  const [scheme = "", value = ""] = authorization.split(" ");
  return [scheme.toLowerCase(), value];
}
