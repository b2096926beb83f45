import type { z } from "zod";
import { callerProblem } from "../../../components/network/callers.ts";
import { classConflicts, hasOwnPods } from "../../../components/platformIngress/classes.ts";
import { relativeName } from "../../../components/platformIngress/names.ts";
import { chatHost } from "../ingressHosts.ts";
import { KNOWN_SERVERS, type KnownServer } from "../knownServers.ts";
import type { Fail } from "./consistent.ts";
import type { ingress } from "./ingress.ts";

/** What the ingress has to do with. */
export interface IngressRelated extends Record<KnownServer["key"], { enabled: boolean }> {
  location?: string;
  ingress: z.output<typeof ingress>;
  chat: { enabled: boolean; publicUrl?: string | undefined };
  mcpServers: Record<string, { guard: { mode: "sidecar" | "none" }; sessions: string }>;
  mcpGuard: { authentication: { none?: string } };
  podSecurityExemptions: { ingress: { standard: string } };
}

/** The namespaces that it makes, by where they stand. */
export function ingressNamespaces({
  enabled,
  namespace,
  certManager,
}: z.output<typeof ingress>): [PropertyKey[], string][] {
  if (!enabled) return [];
  return [
    [["ingress", "namespace"], namespace],
    [["ingress", "certManager", "namespace"], certManager.namespace],
  ];
}

/** Says what the front door can't be made of, each with its remedy. */
export function ingressConflicts(settings: IngressRelated, fail: Fail): void {
  if (!settings.ingress.enabled) return;
  const at: Fail = (path, message) => fail(["ingress", ...path], message);
  exposed(settings, at);
  servers(settings, at);
  certificates(settings, at);
  addresses(settings, at);
  const { className, replicas, clients } = settings.ingress;
  // Its defaults are the schema's: only what is asked for counts.
  for (const { key, rule } of classConflicts(className, settings.ingress)) at([key], rule);
  for (const [i, client] of (clients ?? []).entries()) {
    const problem = callerProblem(client);
    if (problem !== undefined) at(["clients", i], problem);
    if (client.cidr === undefined && client.namespace === undefined)
      at(["clients", i], "a cidr or a namespace");
  }
  if (replicas !== undefined && replicas.max < replicas.min) {
    at(["replicas", "max"], `at least replicas.min, which is ${replicas.min}`);
  }
  if (hasOwnPods(className) && settings.podSecurityExemptions.ingress.standard === "restricted") {
    const remedy =
      `"baseline", because the pods of the class ${className} have no seccomp profile; ` +
      "or set ingress.className to one without pods in the cluster, such as azure-alb-external";
    fail(["podSecurityExemptions", "ingress", "standard"], remedy);
  }
}

/** A door leads somewhere. */
function exposed(settings: IngressRelated, at: Fail): void {
  const { ingress, chat } = settings;
  const host = chatHost(settings);
  if (host === undefined && Object.keys(ingress.mcpServers).length === 0) {
    const rest = chat.enabled ? "" : ", which is off (chat.enabled)";
    at(
      ["host"],
      `a host for the chat app${rest}, or dnsLabel, or servers in mcpServers: nothing is public else`,
    );
  }
  if (host !== undefined && !chat.enabled) {
    const key = ingress.host === undefined ? "dnsLabel" : "host";
    at([key], "nothing while chat.enabled is false: there is no chat app to lead to");
  }
  if (host !== undefined && chat.publicUrl !== undefined && chat.publicUrl !== `https://${host}`) {
    at(["host"], `the host of chat.publicUrl, which is ${chat.publicUrl}; or leave out chat.publicUrl`);
  }
}

/** Only servers that ask who calls. */
function servers(settings: IngressRelated, at: Fail): void {
  const { ingress, mcpServers, mcpGuard } = settings;
  const known = KNOWN_SERVERS.filter(({ key }) => settings[key].enabled).map(({ name }) => name);
  const all = [...Object.keys(mcpServers), ...known];
  const hosts = new Map<string, string>();
  const chat = chatHost(settings);
  if (chat !== undefined) hosts.set(chat, "the chat app");
  for (const [name, { host }] of Object.entries(ingress.mcpServers)) {
    const path = ["mcpServers", name];
    const server = mcpServers[name];
    if (!all.includes(name)) {
      const there =
        all.length === 0 ? "nothing, because there are no MCP servers" : `one of: ${all.join(", ")}`;
      at(path, there);
    } else if (server?.guard.mode === "none") {
      at(path, `a server with a guard; set mcpServers.${name}.guard.mode to "sidecar", or leave it out here`);
    } else if (server?.sessions === "client-ip") {
      at(
        path,
        `a server whose mcpServers.${name}.sessions isn't "client-ip": behind the gateway every client has the ` +
          "address of one of its pods; leave it out here, or have one pod or a server without sessions",
      );
    } else if (mcpGuard.authentication.none !== undefined) {
      at(path, "nothing while mcpGuard.authentication.none lets anyone call; give tokens or jwt instead");
    }
    const other = hosts.get(host);
    if (other !== undefined) at([...path, "host"], `another host than ${other} has`);
    hosts.set(host, name);
  }
}

/** One source of certificates, with what it needs. */
function certificates({ ingress }: IngressRelated, at: Fail): void {
  const { tls, sourceRanges, internal, certManager } = ingress;
  const { issuer, clusterIssuer, certificate, privateKey, secret, email, acmeServer } = tls;
  const ways = Object.entries({ issuer, clusterIssuer, certificate, secret }).filter(([, way]) => way);
  if (ways.length !== 1) {
    const found = ways.length === 0 ? "none of them" : ways.map(([key]) => key).join(" and ");
    at(["tls"], `one of issuer, clusterIssuer, certificate and secret; there is ${found}`);
  }
  if ((certificate === undefined) !== (privateKey === undefined)) {
    at(["tls", "privateKey"], "given with certificate and left out without");
  }
  if (issuer === undefined) {
    for (const [key, value] of Object.entries({ email, acmeServer })) {
      if (value !== undefined) at(["tls", key], "nothing without tls.issuer");
    }
    return;
  }
  if (email === undefined) at(["tls", "email"], `an e-mail address, because tls.issuer is "${issuer}"`);
  if (!certManager.install) {
    at(
      ["certManager", "install"],
      "true with tls.issuer; name an issuer of your own in tls.clusterIssuer instead",
    );
  }
  const unreachable =
    "nothing with tls.issuer: the CA must reach the hosts for its proof; give tls.certificate";
  if (sourceRanges !== undefined) at(["sourceRanges"], unreachable);
  if (internal) at(["internal"], unreachable.replace("nothing", "false"));
}

/** Names and addresses that fit each other. */
function addresses(settings: IngressRelated, at: Fail): void {
  const { dns, dnsLabel, host, internal, publicIp, mcpServers } = settings.ingress;
  const named: [PropertyKey[], string | undefined][] = [
    [["host"], host],
    ...Object.entries(mcpServers).map(([name, it]): [PropertyKey[], string] => [
      ["mcpServers", name, "host"],
      it.host,
    ]),
  ];
  for (const [path, each] of named) {
    if (dns === undefined || each === undefined || relativeName(each, dns.zone) !== undefined) continue;
    at(path, `a host in dns.zone, which is ${dns.zone}`);
  }
  if (dns !== undefined && host === undefined && dnsLabel !== undefined) {
    at(["dnsLabel"], "nothing with dns unless host is given: Azure's own name is in no zone of yours");
  }
  if (dnsLabel !== undefined && publicIp !== undefined) {
    at(
      ["dnsLabel"],
      "nothing with publicIp: a public IP has a DNS name label of its own, which is set there",
    );
  }
  if (!internal) return;
  for (const [key, value] of Object.entries({ dnsLabel, publicIp })) {
    if (value !== undefined) at([key], "nothing with internal: there is no public address");
  }
}
