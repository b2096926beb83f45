import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureResources } from "../../rehearsal/armControl.ts";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { askAzure } from "./support/azure.ts";
import { browse, browsePlain, connectTo } from "./support/front.ts";
import { mcpAt, tokensOf } from "./support/mcp.ts";
import { raiseStage, refusals, type Stage, WITHOUT_MCP, WITHOUT_MONITORING } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
const chat = "chat.example.com";
const echo = "echo.example.com";
const echoHost = "mcpaas:ingress.mcpServers.echo.host";
const packs = ["--policy-pack", "policies"];
const kubectl = () => join(stage.toolchain.bin, "kubectl");
const zone = "resourceGroups/dns/providers/Microsoft.Network/dnsZones/example.com";
const dnsVersion = "2018-05-01";

beforeAll(async () => {
  stage = await raiseStage();
  await askAzure(stage, "PUT", "resourceGroups/dns", "2025-04-01", { location: "eastus" });
  await askAzure(stage, "PUT", zone, dnsVersion, { location: "global" });
  before = await takeInventory(stage.running, kubectl());
  await stage.unset("mcpaas:models");
  await stage.setAll({
    ...WITHOUT_MCP,
    ...WITHOUT_MONITORING,
    "mcpaas:cluster.gpuPool.enabled": "false",
    "mcpaas:chat.otherModels.elsewhere.url": "https://api.example.com/v1",
    "mcpaas:ingress.enabled": "true",
    "mcpaas:ingress.host": chat,
    [echoHost]: "forbidden.example.com",
    "mcpaas:ingress.readyTimeoutMinutes": "1",
    "mcpaas:ingress.publicIp.name": "pip-none",
    "mcpaas:ingress.publicIp.resourceGroup": "network",
    "mcpaas:ingress.tls.issuer": "production",
    "mcpaas:ingress.tls.email": "platform@example.com",
    "mcpaas:ingress.dns.zone": "example.com",
    "mcpaas:ingress.dns.resourceGroup": "dns",
  });
});
afterAll(() => stage?.close());

interface Gateway {
  status: { addresses: { value: string }[]; conditions: { type: string; message: string }[] };
}

const gateway = () => stage.get<Gateway>("gateway", "front-door", "-n", "ingress");

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("what a front door lacks is said while it is waited for", () => {
  test("an address: nobody has made the public IP that the settings name", async () => {
    const update = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join("\n")).toMatch(/Gateway::front-door.*timed out/s);
    expect(await stage.output(update)).toMatch(/Gateway front-door .*Programmed=False \(want True\)/);
    const { status } = await gateway();
    expect(status.conditions.find(({ type }) => type === "Programmed")?.message).toBe(
      "the Service front-door-approuting-istio has no address yet",
    );
  });

  test("a certificate: the authority refuses the host", async () => {
    await stage.unset("mcpaas:ingress.publicIp");
    const update = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join("\n")).toMatch(/Certificate::front-door-certificate-forbidden.*timed out/s);
    expect(await stage.output(update)).toMatch(/forbidden by policy: "forbidden\.example\.com"/);
  });
});

describe("a front door with certificates of Let's Encrypt", () => {
  test("is made under the policy pack, and a host that failed leaves nothing behind", async () => {
    await stage.unset("mcpaas:ingress.readyTimeoutMinutes");
    await stage.set(echoHost, echo);
    const up = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(up.errors).toEqual([]);
    expect(refusals(up)).toEqual([]);
    expect(up.exitCode).toBe(0);
    const certificates = await stage.kubectl("get", "certificates,orders", "-n", "ingress", "-o", "name");
    expect(certificates).not.toMatch(/forbidden/);
  });

  test("has for each host a certificate that everybody trusts", async () => {
    for (const host of [chat, echo]) {
      const socket = await connectTo(stage, host);
      const { subjectaltname, issuer } = socket.getPeerCertificate();
      socket.destroy();
      expect(subjectaltname).toBe(`DNS:${host}`);
      expect(issuer.CN).toMatch(/^Pebble Intermediate CA/);
    }
    // What the challenges needed is gone.
    expect(await stage.kubectl("get", "challenges,pods", "-n", "ingress", "-o", "name")).not.toMatch(
      /challenge|acme/,
    );
  });

  test("leads to the chat app, and tells browsers never to come without TLS", async () => {
    const page = await browse(stage, `https://${chat}/health`);
    expect({ status: page.status, body: JSON.parse(page.body) }).toEqual({
      status: 200,
      body: { status: true },
    });
    expect(page.headers["strict-transport-security"]).toBe("max-age=31536000");
  });

  test("sends who comes in plain text to HTTPS", async () => {
    const page = await browsePlain(stage, `http://${chat}/c/1?model=x`);
    expect(page).toMatchObject({ status: 301, headers: { location: `https://${chat}/c/1?model=x` } });
  });

  test("leads to an MCP server's tools who has its token, and tells who has none where to get one", async () => {
    const token = (await tokensOf(stage))["echo"]?.["team"] ?? "";
    const called = await mcpAt(stage, `https://${echo}/mcp`, token, "echo", '{"message":"hello"}');
    expect(called).toMatchObject({ exitCode: 0, json: { content: [{ type: "text", text: "Echo: hello" }] } });
    const wrong = await mcpAt(stage, `https://${echo}/mcp`, "0".repeat(64), "echo", '{"message":"hello"}');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/401/);
    expect(await browse(stage, `https://${echo}/mcp`)).toMatchObject({ status: 401 });
    // Nothing else of the server's is public.
    expect((await browse(stage, `https://${echo}/metrics`)).status).not.toBe(200);
  });

  test("knows no other host", async () => {
    await expect(connectTo(stage, "other.example.com")).rejects.toThrow("is closed: 403");
    expect((await browsePlain(stage, "http://other.example.com/")).status).toBe(404);
  });

  test("has a record in the zone for each host, with the Gateway's address", async () => {
    const { status } = await gateway();
    for (const name of ["chat", "echo"]) {
      const { properties } = await askAzure(stage, "GET", `${zone}/A/${name}`, dnsVersion);
      expect(properties).toMatchObject({ ARecords: [{ ipv4Address: status.addresses[0]?.value }], TTL: 300 });
    }
  });

  test("stays as it is: a second up changes nothing, and a refresh finds nothing of it", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
    const refresh = await stage.pulumi("refresh", "--yes", "--skip-preview");
    expect(refresh.exitCode).toBe(0);
    // What AKS and ACR tell later of themselves; test/rehearsal/dev.test.ts has the reasons. The ingress profile, of
    // which the cluster's own resource learns by a refresh, must not become something to change.
    const allowed = [
      "azure-native:containerregistry:Token images-token: credentials",
      "azure-native:containerservice:ManagedCluster aks: agentPoolProfiles, ingressProfile",
    ];
    expect(refresh.differences.sort()).toEqual(allowed);
    const after = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(after.changed).toEqual([]);
    expect(after.exitCode).toBe(0);
  });

  test("goes as a whole when it is switched off, and nothing else with it", async () => {
    await stage.set("mcpaas:ingress.enabled", "false");
    const off = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(off.errors).toEqual([]);
    const definitions = await stage.kubectl("get", "customresourcedefinitions", "-o", "name");
    expect(definitions).not.toMatch(/cert-manager/);
    // The Gateway API stays, for classes of others; the class that was switched on goes.
    expect(await stage.kubectl("get", "gatewayclasses,gateways,httproutes", "-A", "-o", "name")).toBe("");
    const namespaces = await stage.kubectl("get", "namespaces", "-o", "name");
    expect(namespaces).not.toMatch(/ingress|cert-manager/);
    const records = (await azureResources(stage.running)).filter((id) => id.includes("dnsZones/"));
    expect(records).toEqual([expect.stringMatching(/dnsZones\/example\.com$/)]);
    await expect(connectTo(stage, chat)).rejects.toThrow("is closed: 403");
  });

  test("comes back with a certificate of one's own", async () => {
    const ca = await CertificateAuthority.create("a private authority");
    const own = await ca.issue({ name: "*.example.com", hosts: ["*.example.com"] });
    for (const path of ["issuer", "email"]) {
      await stage.unset(`mcpaas:ingress.tls.${path}`);
    }
    await stage.setAll({ "mcpaas:ingress.enabled": "true", "mcpaas:ingress.tls.certificate": own.cert });
    const { project, env } = stage.running;
    const secret = ["config", "set", "-s", "dev", "--secret", "--path", "mcpaas:ingress.tls.privateKey"];
    await execa("pulumi", secret, { cwd: project, env, input: own.key });
    const on = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(on.errors).toEqual([]);
    expect((await browse(stage, `https://${chat}/health`, ca.cert)).status).toBe(200);
    await expect(browse(stage, `https://${chat}/health`)).rejects.toThrow(/certificate/);
  });

  test("is destroyed with the stack, and leaves nothing", async () => {
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.errors).toEqual([]);
    expect(destroy.exitCode).toBe(0);
    const after = await takeInventory(stage.running, kubectl());
    expect(leftovers(before, after)).toEqual({ azure: [], cluster: [] });
  });
});
