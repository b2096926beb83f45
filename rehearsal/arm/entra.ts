import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { issuerOf } from "../azure/values.ts";
import { EntraKeys } from "./entraKeys.ts";
import { ArmError } from "./errors.ts";
import type { ArmRequest, Reply } from "./http.ts";
import { ids } from "./world.ts";

const lifetimeSeconds = 3600;
/**
 * Of a token for clusters. `kubelogin` keeps tokens in the user's home and takes them up again while they have five
 * minutes to live; from another rehearsal they would be signed by another key. Source: Validate in
 * apps/internal/base/storage/items.go of Microsoft's authentication library for Go 1.6.0.
 */
const clusterLifetimeSeconds = 240;

/** The public host of Entra ID, which is here by that name too, through the proxy. */
export const signInHost = "login.microsoftonline.com";

/** The application that every AKS cluster with Entra ID takes tokens for, the same in all of Azure. */
export const serverApplication = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Microsoft Entra ID as far as a service principal with a secret needs it. */
export class Entra {
  /** Made anew for each start. */
  readonly clientSecret = randomBytes(24).toString("base64url");
  readonly #key = randomBytes(32);
  readonly #keys = new EntraKeys();
  #endpoint = "";

  /** Sets the base URL, which is known only when the server listens. */
  listen(endpoint: string): void {
    this.#endpoint = endpoint;
  }

  /** `/{tenant}/v2.0/.well-known/openid-configuration`, and without v2.0 of tokens of version 1.0. */
  discovery(tenant: string, host: string | undefined, version: "1.0" | "2.0"): unknown {
    const base = `${this.#baseFor(host)}/${tenant}`;
    return {
      issuer: version === "1.0" ? issuerOf(tenant) : `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
    };
  }

  /** `/common/discovery/instance`: the names that are one and the same directory. */
  instances(tenant: string): unknown {
    return {
      tenant_discovery_endpoint: `https://${signInHost}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [
        {
          preferred_network: signInHost,
          preferred_cache: "login.windows.net",
          aliases: [signInHost, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        },
      ],
    };
  }

  /** `/{tenant}/discovery/v2.0/keys`. */
  keys(): unknown {
    return this.#keys.published();
  }

  #baseFor(host: string | undefined): string {
    return host === signInHost ? `https://${signInHost}` : this.#endpoint;
  }

  /** `/{tenant}/oauth2/v2.0/token`: the client-credentials grant. */
  token(tenant: string, form: URLSearchParams): { status: number; body: unknown } {
    const refuse = (status: number, error: string, code: number, text: string) => ({
      status,
      body: {
        error,
        error_description: `AADSTS${code}: ${text}`,
        error_codes: [code],
        timestamp: new Date().toISOString(),
      },
    });
    if (tenant.toLowerCase() !== ids.tenant) {
      return refuse(400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
    }
    if (form.get("grant_type") !== "client_credentials") {
      return refuse(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
    }
    if (form.get("client_id")?.toLowerCase() !== ids.client) {
      const text = `Application with identifier '${form.get("client_id")}' was not found in the directory.`;
      return refuse(400, "unauthorized_client", 700016, text);
    }
    if (form.get("client_secret") !== this.clientSecret) {
      const text =
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.";
      return refuse(401, "invalid_client", 7000215, text);
    }
    // Libraries of the newer kind ask for `openid` and others besides, of which this grant gives none.
    const audience = (form.get("scope") ?? "")
      .split(" ", 1)
      .join()
      .replace(/\/\.default$/, "")
      .replace(/\/$/, "");
    const lifetime = audience === serverApplication ? clusterLifetimeSeconds : lifetimeSeconds;
    return {
      status: 200,
      body: {
        token_type: "Bearer",
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: this.#issue(audience, lifetime),
      },
    };
  }

  /** `/metadata/endpoints`, in the form of version 2022-09-01: what makes a cloud out of one host name. */
  metadata(): unknown {
    const host = new URL(this.#endpoint).host;
    return {
      portal: "https://portal.azure.com",
      authentication: {
        loginEndpoint: this.#endpoint,
        audiences: [this.#endpoint],
        tenant: "common",
        identityProvider: "AAD",
      },
      graphAudience: this.#endpoint,
      graph: this.#endpoint,
      microsoftGraphResourceId: this.#endpoint,
      name: "AzureCloud",
      suffixes: { acrLoginServer: "azurecr.io", keyVaultDns: "vault.azure.net", storage: "core.windows.net" },
      batch: this.#endpoint,
      resourceManager: this.#endpoint,
      resourceManagerHost: host,
    };
  }

  /** @throws {ArmError} 401 with `WWW-Authenticate`, unless the header holds a token that was issued for ARM here */
  check(authorization: string | undefined): void {
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    if (!token) {
      throw this.#unauthorized(
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
      );
    }
    const [head = "", payload = "", signature = ""] = token.split(".");
    const expected = this.#sign(`${head}.${payload}`);
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw this.#unauthorized("InvalidAuthenticationToken", "The access token is invalid.");
    }
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { aud: string; exp: number };
    if (claims.exp * 1000 < Date.now()) {
      throw this.#unauthorized("ExpiredAuthenticationToken", "The access token expiry UTC time has passed.");
    }
    if (claims.aud !== this.#endpoint) {
      throw this.#unauthorized(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences '${this.#endpoint}'.`,
      );
    }
  }

  #issue(audience: string, lifetime: number): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      aud: audience,
      iss: issuerOf(ids.tenant),
      iat: now,
      nbf: now,
      exp: now + lifetime,
      appid: ids.client,
      idtyp: "app",
      oid: ids.principal,
      sub: ids.principal,
      tid: ids.tenant,
      ver: "1.0",
    };
    if (audience === serverApplication) {
      return this.#keys.issue(claims);
    }
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = encode({ typ: "JWT", alg: "HS256" });
    const payload = encode(claims);
    return `${head}.${payload}.${this.#sign(`${head}.${payload}`).toString("base64url")}`;
  }

  #sign(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }

  #unauthorized(code: string, message: string): ArmError {
    const challenge = `Bearer authorization_uri="${this.#endpoint}/${ids.tenant}", error="invalid_token", error_description="${message}"`;
    return new ArmError(401, code, message, { headers: { "www-authenticate": challenge } });
  }
}

/** The endpoints that need no token. */
export function publicReply(request: ArmRequest, entra: Entra): Reply | undefined {
  if (request.method === "GET" && request.path === "/metadata/endpoints") {
    return { status: 200, body: entra.metadata() };
  }
  const discovery = /^\/([^/]+)\/(v2\.0\/)?\.well-known\/openid-configuration$/i.exec(request.path);
  if (discovery && request.method === "GET") {
    const [, tenant = "", version] = discovery;
    return { status: 200, body: entra.discovery(tenant, request.headers["host"], version ? "2.0" : "1.0") };
  }
  if (request.method === "GET" && /^\/[^/]+\/discovery\/(v2\.0\/)?keys$/i.test(request.path)) {
    return { status: 200, body: entra.keys() };
  }
  const instance = /^\/common\/discovery\/instance$/i.test(request.path);
  if (instance && request.method === "GET") {
    const asked = URL.parse(request.query.get("authorization_endpoint") ?? "");
    return { status: 200, body: entra.instances(asked?.pathname.split("/")[1] ?? "common") };
  }
  const token = /^\/([^/]+)\/oauth2\/v2\.0\/token$/i.exec(request.path);
  if (token && request.method === "POST") {
    return entra.token(token[1] ?? "", new URLSearchParams(request.text));
  }
  return undefined;
}
