import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/**
 * The keys by which Entra signs what others check by themselves, as the API servers of clusters do. Made when the
 * first one is asked for, because making one takes a tenth of a second.
 */
export class EntraKeys {
  #made: { id: string; privateKey: KeyObject; publicKey: KeyObject } | undefined;

  /** `/{tenant}/discovery/v2.0/keys`. */
  published(): unknown {
    const { id, publicKey } = this.#key();
    return { keys: [{ ...publicKey.export({ format: "jwk" }), kid: id, x5t: id, use: "sig", alg: "RS256" }] };
  }

  /** A JSON Web Token with these claims. */
  issue(claims: object): string {
    const { id, privateKey } = this.#key();
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${encode({ typ: "JWT", alg: "RS256", kid: id, x5t: id })}.${encode(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  }

  #key(): { id: string; privateKey: KeyObject; publicKey: KeyObject } {
    if (!this.#made) {
      const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const id = createHash("sha1")
        .update(pair.publicKey.export({ type: "spki", format: "der" }))
        .digest("base64url");
      this.#made = { id, ...pair };
    }
    return this.#made;
  }
}
