import { createPrivateKey, X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";

const DAY_MS = 86_400_000;

/** How long before its end a certificate that nobody renews is warned of. */
const WARN_DAYS = 30;

/** What a certificate with its key is judged by. */
export interface CertificatePair {
  certificate: string;
  privateKey: string;
  hosts: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Refuses a pair that browsers would refuse: of another host, out of date, or with another's key.
 *
 * @returns what should be said about it all the same, if anything
 */
export function judgeCertificate({ certificate, privateKey, hosts, now }: CertificatePair) {
  const leaf = read("tls.certificate", "a certificate in PEM, its chain after it", () => {
    return new X509Certificate(certificate);
  });
  const key = read("tls.privateKey", "a private key in PEM without a passphrase", () =>
    createPrivateKey(privateKey),
  );
  if (!leaf.checkPrivateKey(key)) {
    throw new InputPropertyError("tls.privateKey", "belongs to another certificate than tls.certificate");
  }
  const others = hosts.filter((host) => leaf.checkHost(host, { subject: "never" }) === undefined);
  if (others.length > 0) {
    const names = leaf.subjectAltName ?? "no host";
    throw new InputPropertyError(
      "tls.certificate",
      `is for ${names}, and not for ${others.join(", ")}; give one that is for every host`,
    );
  }
  const left = Math.floor((leaf.validToDate.getTime() - now) / DAY_MS);
  const until = leaf.validToDate.toISOString().slice(0, 10);
  if (left < 0) throw new InputPropertyError("tls.certificate", `ended on ${until}; give one that is valid`);
  if (leaf.validFromDate.getTime() > now) {
    const from = leaf.validFromDate.toISOString().slice(0, 10);
    throw new InputPropertyError("tls.certificate", `begins on ${from}; give one that is valid`);
  }
  return left < WARN_DAYS
    ? `tls.certificate ends on ${until}, in ${left} days, and nobody renews it but you`
    : undefined;
}

/** A pair of Inputs as a Secret's data, once it has been judged; secret whether it came as one or not. */
export function judgedPair(
  parent: pulumi.Resource,
  pair: { certificate: pulumi.Input<string>; privateKey: pulumi.Input<string> },
  hosts: readonly string[],
): pulumi.Output<{ "tls.crt": string; "tls.key": string }> {
  return pulumi.secret(
    pulumi.all([pair.certificate, pair.privateKey]).apply(([certificate, privateKey]) => {
      const warning = judgeCertificate({ certificate, privateKey, hosts, now: Date.now() });
      if (warning !== undefined) pulumi.log.warn(warning, parent);
      return { "tls.crt": certificate, "tls.key": privateKey };
    }),
  );
}

function read<T>(path: string, words: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    // Never with what was found: it may be the key.
    throw new InputPropertyError(path, `can't be read; it must be ${words}`);
  }
}
