import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import ipaddr from "ipaddr.js";
import { egressRule, INTERNET, type NetworkEgress } from "../network/egress.ts";
import { bareHost, placeOf } from "../network/place.ts";
import { closePods } from "../network/policies.ts";
import { podPolicySpec } from "../network/specs.ts";
import type { Check } from "../validation.ts";

/** A URL of the internet, which the pods may call when nothing else is said. What may hold a token isn't repeated. */
export const onTheInternet: Check<string> = (text) => {
  const host = bareHost(new URL(text));
  const place = placeOf(text);
  const remedy =
    "is not on the internet, which is all that the job's pods may call; set egress to what they may call instead, " +
    "or use input.volume or input.image";
  if (place.kind === "cluster" || /\.(svc|local|internal|localhost)\.?$/.test(host)) {
    return `its host "${host}" ${remedy}. Cilium lets pods out to a Service by a NetworkPolicy with labels only`;
  }
  if (place.kind !== "address") return undefined;
  const open = ipaddr.parse(host).range() === "unicast" && egressRule(place.cidr) === undefined;
  return open ? undefined : `its address ${host} ${remedy}`;
};

/** The pods of a job, and what they may call. */
export interface JobNetwork {
  jobName: string;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  /** @default - the internet: port 443 and the ports of `urls` */
  egress?: readonly NetworkEgress[];
  /** The training data's, which have passed `onTheInternet` if there is no `egress`. */
  urls?: pulumi.Input<string>[];
}

/** Makes the policies around a job's pods; what makes the pods depends on all of them. */
export function jobPolicies(parent: pulumi.Resource, name: string, network: JobNetwork): NetworkPolicy[] {
  const { jobName, namespace, podLabels, egress, urls = [] } = network;
  const policyName = `kaito-${jobName}`;
  const pods = { podLabels, port: 5000, clients: [] };
  const own = closePods(parent, name, { ...pods, policyName, namespace, egress: egress ?? INTERNET });
  const plain = urls.filter((url) => typeof url === "string");
  const needless = plain.length === urls.length && portsOf(plain).length === 0;
  if (egress !== undefined || needless) return [own];
  // Apart from the other one, which doesn't wait for URLs that are known later.
  const spec = pulumi.output(urls).apply((known) => {
    const whole = podPolicySpec({ ...pods, egress: portsOf(known) });
    return { podSelector: whole.podSelector, policyTypes: ["Egress"], egress: whole.egress };
  });
  const metadata = { name: `${policyName}.input`, namespace };
  return [own, new NetworkPolicy(`${name}-input`, { metadata, spec }, { parent })];
}

/** What INTERNET doesn't open: other ports than 443, and IPv6. */
function portsOf(urls: readonly string[]): NetworkEgress[] {
  const ports = new Map<string, number[]>();
  for (const url of urls) {
    const place = placeOf(url);
    const v6 = place.kind === "address" && place.cidr.includes(":");
    if (!v6 && place.port === 443) continue;
    for (const cidr of v6 ? [place.cidr] : INTERNET.map((range) => range.cidr)) {
      const others = ports.get(cidr) ?? [];
      if (!others.includes(place.port)) ports.set(cidr, [...others, place.port]);
    }
  }
  return [...ports].map(([cidr, open]) => ({ cidr, ports: open }));
}
