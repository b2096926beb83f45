import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { judgeCertificate } from "../../../components/platformIngress/certificate.ts";
import { GATEWAY, run } from "./fixtures.ts";

const HOSTS = ["chat.example.com", "echo.example.com"];
const DAY_MS = 86_400_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const NOW = Date.now();

interface Pair {
  certificate: string;
  privateKey: string;
}

async function pair(hosts: string[], days = 90, from = -1): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(NOW + from * DAY_MS),
    notAfter: new Date(NOW + days * DAY_MS),
    extensions: [
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: "dns" as const, value }))),
    ],
  });
  const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    certificate: certificate.toString("pem"),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

const judge = (given: Pair, hosts = HOSTS) => judgeCertificate({ ...given, hosts, now: NOW });

describe("a given certificate", () => {
  let good: Pair;
  beforeAll(async () => {
    good = await pair(HOSTS);
  });

  it("is fine for every host, also by a wildcard", async () => {
    expect(judge(good)).toBeUndefined();
    expect(judge(await pair(["*.example.com"]))).toBeUndefined();
  });

  it("is warned of when it ends soon", async () => {
    expect(judge(await pair(HOSTS, 29.5))).toMatch(/^tls.certificate ends on \d{4}-\d\d-\d\d, in 29 days/);
    expect(judge(await pair(HOSTS, 30.5))).toBeUndefined();
  });

  it("is refused for other hosts, and says which", async () => {
    const wildcard = await pair(["chat.example.com"]);
    expect(() => judge(wildcard)).toThrow("is for DNS:chat.example.com, and not for echo.example.com");
  });

  it("is refused out of date", async () => {
    const [old, early] = [await pair(HOSTS, -1, -3), await pair(HOSTS, 9, 3)];
    expect(() => judge(old)).toThrow("tls.certificate: ended on");
    expect(() => judge(early)).toThrow("tls.certificate: begins on");
  });

  it("is refused with another's key, and without showing any", async () => {
    const { privateKey } = await pair(HOSTS);
    expect(() => judge({ ...good, privateKey })).toThrow("tls.privateKey: belongs to another certificate");
    expect(() => judge({ ...good, privateKey: "SECRET" })).toThrow(
      /^tls.privateKey: can't be read; it must be/,
    );
    expect(() => judge({ ...good, privateKey: "SECRET" })).not.toThrow(/SECRET/);
    expect(() => judge({ ...good, certificate: "x" })).toThrow("tls.certificate: can't be read");
  });

  it("is a Secret that all hosts share, and secret", async () => {
    const { find } = await run({ tls: { ...good, privateKey: pulumi.secret(good.privateKey) } });
    const secret = find("kubernetes:core/v1:Secret", "front-door-tls");
    expect(secret.inputs).toMatchObject({
      type: "kubernetes.io/tls",
      metadata: { name: "front-door-tls", namespace: "ingress" },
      stringData: { "tls.crt": good.certificate, "tls.key": good.privateKey },
    });
    expect(secret.secretInputs).toEqual(["stringData"]);
    const [, ...listeners] = find(GATEWAY).inputs.spec.listeners;
    expect(
      listeners.map(
        (it: { tls: { certificateRefs: { name: string }[] } }) => it.tls.certificateRefs[0]?.name,
      ),
    ).toEqual(["front-door-tls", "front-door-tls"]);
  });
});
