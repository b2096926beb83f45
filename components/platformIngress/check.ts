import { DNS_LABEL, URL_PATH } from "../forms.ts";
import { ipv4RangeRule } from "../ipRange.ts";
import { type Check, ensure, InputPropertyError, matches, mustBe, wholeNumber } from "../validation.ts";
import type { PlatformIngressArgs } from "./args.ts";
import { DNS_NAME_LABEL, HOST_NAME, relativeName } from "./names.ts";

/** A Gateway takes eight annotations for its Service, and these would be nine. */
const OWN_LABEL =
  "must be left out with publicIp: a public IP has a DNS name label of its own, which is set there";

/** Refuses arguments that can't be as they are, whatever the class. */
export function checkIngress(args: PlatformIngressArgs): void {
  checkRoutes(args);
  checkTls(args);
  const { hsts, sourceRanges, publicIp, dnsLabel, internal } = args;
  if (hsts) optional("hsts.maxAgeSeconds", hsts.maxAgeSeconds, wholeNumber(0, 63_072_000));
  for (const [i, range] of (sourceRanges ?? []).entries()) {
    ensure(`sourceRanges[${i}]`, range, mustBe(ipv4RangeRule));
  }
  if (sourceRanges?.length === 0) {
    const reason = "must name a range, or be left out for everybody; [] would be nobody";
    throw new InputPropertyError("sourceRanges", reason);
  }
  optional("dnsLabel", dnsLabel, matches(DNS_NAME_LABEL));
  for (const [key, value] of Object.entries({ dnsLabel, publicIp })) {
    if (value === undefined || !internal) continue;
    throw new InputPropertyError(key, "must be left out with internal: there is no public address");
  }
  if (dnsLabel !== undefined && publicIp !== undefined) {
    throw new InputPropertyError("dnsLabel", OWN_LABEL);
  }
  optional("idleMinutes", args.idleMinutes, wholeNumber(4, 100));
  optional("readyTimeoutMinutes", args.readyTimeoutMinutes, wholeNumber(1, 60));
  optional("dns.ttlSeconds", args.dns?.ttlSeconds, wholeNumber(1, 86_400));
  checkReplicas(args);
}

function checkRoutes({ routes, dns }: PlatformIngressArgs): void {
  if (routes.length === 0) {
    throw new InputPropertyError("routes", "must have a route; without one there is nothing to let in");
  }
  const seen = new Map<string, number>();
  for (const [i, { host, paths, target, timeoutSeconds }] of routes.entries()) {
    const path = `routes[${i}]`;
    ensure(`${path}.host`, host, matches(HOST_NAME));
    const other = seen.get(host);
    if (other !== undefined) {
      const reason = `"${host}" is routes[${other}]'s host already; give each its own`;
      throw new InputPropertyError(`${path}.host`, reason);
    }
    seen.set(host, i);
    if (dns !== undefined && relativeName(host, dns.zone) === undefined) {
      const reason = `"${host}" is not in the zone ${dns.zone} of dns; leave out dns or take another host`;
      throw new InputPropertyError(`${path}.host`, reason);
    }
    ensure(`${path}.target.namespace`, target.namespace, matches(DNS_LABEL));
    for (const [j, each] of (paths ?? []).entries()) {
      ensure(`${path}.paths[${j}]`, each, matches(URL_PATH));
    }
    optional(`${path}.timeoutSeconds`, timeoutSeconds, wholeNumber(0, 86_400));
  }
}

/** A CA on the internet asks for its proof from addresses that it doesn't tell. */
function checkTls({ tls, acmeHttp01, sourceRanges, internal }: PlatformIngressArgs): void {
  const ways = ["issuer", "certificate", "secret"].filter((way) => way in tls);
  if (ways.length !== 1) {
    const found = ways.length === 0 ? "has none of them" : `has ${ways.join(" and ")}`;
    throw new InputPropertyError(
      "tls",
      `must be one of issuer, certificate with privateKey, secret; it ${found}`,
    );
  }
  if (!acmeHttp01) return;
  for (const [key, value] of Object.entries({ sourceRanges, internal })) {
    if (value === undefined || value === false) continue;
    throw new InputPropertyError(
      key,
      "must be left out with acmeHttp01: the CA couldn't reach the host for its proof; " +
        "give a certificate, or an issuer of your own",
    );
  }
}

function checkReplicas({ replicas }: PlatformIngressArgs): void {
  if (replicas === undefined) return;
  // AKS refuses less than two. Source: "HPA Fields" of https://learn.microsoft.com/azure/aks/istio-gateway-api
  ensure("replicas.min", replicas.min, wholeNumber(2, 100));
  ensure("replicas.max", replicas.max, wholeNumber(replicas.min, 100));
}

function optional<T>(path: string, value: T | undefined, check: Check<T>): void {
  if (value !== undefined) ensure(path, value, check);
}
