import { describe, expect, it } from "vitest";
import type { PlatformIngressArgs } from "../../../components/platformIngress.ts";
import { CHAT, ECHO, run } from "./fixtures.ts";

const alb = { className: "azure-alb-external", clients: [{ cidr: "10.225.0.0/24" }] };

describe("PlatformIngress refuses", () => {
  it.each<[string, Partial<PlatformIngressArgs>, string]>([
    ["no route", { routes: [] }, "routes: must have a route"],
    [
      "a wildcard",
      { routes: [{ ...CHAT, host: "*.example.com" }] },
      'routes[0].host: "*.example.com" is not allowed',
    ],
    [
      "a host without a dot",
      { routes: [{ ...CHAT, host: "chat" }] },
      'routes[0].host: "chat" is not allowed',
    ],
    ["capitals", { routes: [{ ...CHAT, host: "Chat.example.com" }] }, "routes[0].host"],
    [
      "a host twice",
      { routes: [CHAT, { ...ECHO, host: CHAT.host }] },
      'routes[1].host: "chat.example.com" is routes[0]\'s',
    ],
    [
      "a path without /",
      { routes: [{ ...CHAT, paths: ["mcp"] }] },
      'routes[0].paths[0]: "mcp" is not allowed',
    ],
    [
      "a limit of more than a day",
      { routes: [{ ...CHAT, timeoutSeconds: 86_401 }] },
      "routes[0].timeoutSeconds",
    ],
    [
      "a host outside of the zone",
      { dns: { zone: "example.org", resourceGroupName: "rg" } },
      'routes[0].host: "chat.example.com" is not in the zone example.org',
    ],
    ["no certificate", { tls: {} as PlatformIngressArgs["tls"] }, "tls: must be one of issuer"],
    [
      "two ways to certificates",
      { tls: { issuer: { name: "a" }, secret: { namespace: "b", name: "c" } } as PlatformIngressArgs["tls"] },
      "it has issuer and secret",
    ],
    [
      "ranges that ACME isn't in",
      { acmeHttp01: true, sourceRanges: ["203.0.113.0/24"] },
      "sourceRanges: must be left out",
    ],
    [
      "ACME on an internal address",
      { acmeHttp01: true, internal: true },
      "internal: must be left out with acmeHttp01",
    ],
    ["a range that is none", { sourceRanges: ["203.0.113.7/24"] }, "sourceRanges[0]"],
    ["nobody", { sourceRanges: [] }, "sourceRanges: must name a range"],
    [
      "a public name of an internal address",
      { internal: true, dnsLabel: "abc" },
      "dnsLabel: must be left out with internal",
    ],
    [
      "a label of Azure's beside an address of one's own, for which the Gateway has no annotation left",
      { publicIp: { name: "pip", resourceGroup: "network" }, dnsLabel: "abc" },
      "dnsLabel: must be left out with publicIp",
    ],
    ["a label of Azure's that is none", { dnsLabel: "-a" }, 'dnsLabel: "-a" is not allowed'],
    ["a long silence", { idleMinutes: 101 }, "idleMinutes: 101 is not allowed"],
    ["one pod", { replicas: { min: 1, max: 2 } }, "replicas.min: 1 is not allowed"],
    ["fewer at most than at least", { replicas: { min: 4, max: 3 } }, "replicas.max: 3 is not allowed"],
    ["a long name", { gatewayName: "a".repeat(41) }, "gatewayName: must be at most 40"],
    ["HSTS for ever", { hsts: { maxAgeSeconds: 63_072_001 } }, "hsts.maxAgeSeconds"],
    ["no reason for its pods", { podSecurityExemption: "none" }, 'podSecurityExemption: must be "baseline"'],
    [
      "a firewall with Istio",
      { wafPolicyId: "/waf" },
      "wafPolicyId: must be left out with the class approuting-istio",
    ],
    [
      "an unknown class without callers",
      { className: "other" },
      "clients: must be given with the class other",
    ],
    [
      "ranges elsewhere",
      { ...alb, sourceRanges: ["203.0.113.0/24"] },
      "sourceRanges: must be left out with the class",
    ],
    [
      "an address by name with Istio",
      { addresses: [{ type: "Hostname", value: "a.example.com" }] },
      'addresses: must be one address of the type "IPAddress"',
    ],
    [
      "two addresses with Istio",
      {
        addresses: [
          { type: "IPAddress", value: "203.0.113.7" },
          { type: "IPAddress", value: "203.0.113.8" },
        ],
      },
      'addresses: must be one address of the type "IPAddress"',
    ],
    ["pods elsewhere", { ...alb, replicas: { min: 2, max: 3 } }, "replicas: must be left out with the class"],
  ])("%s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
