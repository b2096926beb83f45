import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

/** A certificate and its key, both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** What a certificate vouches for. */
export interface Subject {
  /** Common name; Kubernetes reads the user from it. */
  name: string;
  /** Organisations; Kubernetes reads the groups from them. */
  groups?: string[];
  /** DNS names and IP addresses; none makes a client certificate. */
  hosts?: string[];
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeMs = 30 * 24 * 3600 * 1000;

x509.cryptoProvider.set(webcrypto as never);

/** The rehearsal's own certificate authority: one for Azure, the registry and the control plane. */
export class CertificateAuthority {
  readonly cert: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #issuer: x509.X509Certificate;

  private constructor(keys: webcrypto.CryptoKeyPair, issuer: x509.X509Certificate) {
    this.#keys = keys;
    this.#issuer = issuer;
    this.cert = issuer.toString("pem");
  }

  /** Makes a new authority that is valid for 30 days; its key never leaves the process. */
  static async create(name = "mcpaas rehearsal"): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      ...validity(),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(keys, certificate);
  }

  /** Issues a server certificate when `hosts` are given, and a client certificate otherwise. */
  async issue(subject: Subject): Promise<KeyPair> {
    const keys = await generateKeys();
    const usage = subject.hosts ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
    const names = (subject.hosts ?? []).map((value) => ({
      type: /^[\d.]+$|:/.test(value) ? ("ip" as const) : ("dns" as const),
      value,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [subject.name] }, ...(subject.groups ?? []).map((group) => ({ O: [group] }))],
      issuer: this.#issuer.subject,
      ...validity(),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
        ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { cert: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
  }

  /** Writes `<dir>/<name>.crt` and `<dir>/<name>.key` (mode 0600) and returns their paths. */
  async issueTo(dir: string, file: string, subject: Subject): Promise<KeyPair> {
    await mkdir(dir, { recursive: true });
    const pair = await this.issue(subject);
    const paths = { cert: join(dir, `${file}.crt`), key: join(dir, `${file}.key`) };
    await writeFile(paths.cert, pair.cert);
    await writeFile(paths.key, pair.key, { mode: 0o600 });
    await chmod(paths.key, 0o600);
    return paths;
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function validity(): { notBefore: Date; notAfter: Date } {
  // A minute of slack, so that a clock that is set back a little still accepts them.
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + lifetimeMs) };
}
