import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureResources, trustReceivers } from "../../rehearsal/armControl.ts";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { shellEnvironment } from "../../rehearsal/shell.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { raiseStage, refusals, type Stage, WITHOUT_MCP } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
let good: Receiver;
let bad: Receiver;
let stranger: Receiver;
const packs = ["--policy-pack", "policies"];
const kubectl = () => join(stage.toolchain.bin, "kubectl");
const key = "key-of-the-webhook";

/** Somebody who is told of alerts, on this machine. */
interface Receiver {
  url: string;
  got: unknown[];
  server: Server;
}

async function receiver(authority: CertificateAuthority, status: number): Promise<Receiver> {
  const got: unknown[] = [];
  const tls = await authority.issue({ name: "receiver", hosts: ["127.0.0.1"] });
  const server = createServer(tls, async (request, response) => {
    got.push({ url: request.url, body: await json(request) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}/alerts?key=${key}`, got, server };
}

async function setSecret(path: string, value: string): Promise<void> {
  const { project, env } = stage.running;
  const args = ["config", "set", "-s", "dev", "--secret", "--path", path];
  await execa("pulumi", args, { cwd: project, env, input: value });
}

beforeAll(async () => {
  stage = await raiseStage();
  before = await takeInventory(stage.running, kubectl());
  const [trusted, unknown] = await Promise.all(["trusted", "unknown"].map(CertificateAuthority.create));
  if (!trusted || !unknown) {
    throw new Error("no authorities");
  }
  await trustReceivers(stage.running, trusted.cert);
  good = await receiver(trusted, 202);
  bad = await receiver(trusted, 500);
  stranger = await receiver(unknown, 200);
  await stage.unset("mcpaas:models");
  await stage.setAll({
    ...WITHOUT_MCP,
    "mcpaas:cluster.gpuPool.enabled": "false",
    "mcpaas:chat.enabled": "false",
    "mcpaas:monitoring.grafana.enabled": "true",
    "mcpaas:alerts.enabled": "true",
    "mcpaas:alerts.receivers.team.email": "platform@example.com",
  });
  for (const [name, { url }] of Object.entries({ good, bad, stranger })) {
    await setSecret(`mcpaas:alerts.receivers.${name}.webhook`, url);
  }
});
afterAll(async () => {
  for (const each of [good, bad, stranger]) {
    each?.server.close();
    each?.server.closeAllConnections();
  }
  await stage?.close();
});

/** How many there are of a type in Azure, whatever the case of their ids. */
async function count(type: string, within = "/"): Promise<number> {
  const ids = (await azureResources(stage.running)).map((id) => id.toLowerCase());
  const own = new RegExp(`/${type.toLowerCase().replaceAll(".", "\\.")}/[^/]+$`);
  return ids.filter((id) => own.test(id) && id.includes(within.toLowerCase())).length;
}

interface Tested {
  exitCode: number | undefined;
  receivers: { receiver: string; kind: string; confirmed: boolean; detail?: string }[];
}

/** `npm run alert:test`, as somebody at the rehearsal's shell runs it. */
async function alertTest(...words: string[]): Promise<Tested> {
  const command = [join(repository, "cli", "mcpaas.ts"), "alert-test", "--json", ...words];
  const { exitCode, stdout, stderr } = await execa(process.execPath, command, {
    cwd: stage.running.project,
    env: shellEnvironment(stage.running),
    reject: false,
  });
  if (!stdout.startsWith("{")) {
    throw new Error(stderr);
  }
  return { exitCode, receivers: JSON.parse(stdout).receivers };
}

const types = {
  once: [
    ...[
      "Microsoft.OperationalInsights/workspaces",
      "Microsoft.Monitor/accounts",
      "Microsoft.Dashboard/grafana",
    ],
    "Microsoft.Insights/workbooks",
  ],
  many: [
    ...["Microsoft.Insights/actionGroups", "Microsoft.Insights/scheduledQueryRules"],
    ...["Microsoft.AlertsManagement/prometheusRuleGroups", "Microsoft.AlertsManagement/actionRules"],
  ],
};

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("a platform that is watched", () => {
  test("is made under the policy pack", async () => {
    const up = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(up.errors).toEqual([]);
    expect(refusals(up)).toEqual([]);
    expect(up.exitCode).toBe(0);
  });

  test("has everything in Azure, and nothing that AKS or Azure makes a second time", async () => {
    for (const type of types.once) {
      expect([type, await count(type)]).toEqual([type, 1]);
    }
    for (const type of types.many) {
      expect([type, (await count(type)) > 0]).toEqual([type, true]);
    }
    const onCluster = "/managedClusters/aks-mcpaas-dev/providers/";
    // Logs and metrics.
    expect(await count("dataCollectionRuleAssociations", onCluster)).toBe(2);
    expect(await count("diagnosticSettings", onCluster)).toBe(1);
    expect(await count("diagnosticSettings", "/registries/")).toBe(1);
    // Ours for logs and metrics, and the one that comes with the workspace.
    expect(await count("dataCollectionRules")).toBe(3);
    expect(await count("dataCollectionEndpoints")).toBe(2);
  });

  test("tells Azure's agents what to collect", async () => {
    const names = await stage.kubectl("get", "configmaps", "-n", "kube-system", "-o", "name");
    expect(names).toMatch(/ama-metrics-prometheus-config/);
    expect(names).toMatch(/ama-metrics-settings-configmap/);
  });

  test("tells who is to be told, and says who wasn't", async () => {
    const { exitCode, receivers } = await alertTest();
    expect(exitCode).toBe(1);
    expect(receivers.toSorted((a, b) => a.receiver.localeCompare(b.receiver))).toMatchObject([
      { receiver: "bad", kind: "webhook", confirmed: false, detail: expect.stringContaining("HTTP 500") },
      { receiver: "good", kind: "webhook", confirmed: true },
      { receiver: "stranger", kind: "webhook", confirmed: false },
      { receiver: "team", kind: "email", confirmed: true },
    ]);
    expect(good.got).toEqual([
      {
        url: `/alerts?key=${key}`,
        body: expect.objectContaining({ schemaId: "azureMonitorCommonAlertSchema" }),
      },
    ]);
    expect(bad.got).toHaveLength(1);
    expect(stranger.got).toEqual([]);
  });

  test("is content when those that are asked for confirm", async () => {
    expect((await alertTest("--receiver", "good,team")).exitCode).toBe(0);
    expect(good.got).toHaveLength(2);
  });

  test("keeps the addresses of webhooks to itself", async () => {
    const { project, env } = stage.running;
    const { stdout } = await execa("pulumi", ["stack", "export", "-s", "dev"], { cwd: project, env });
    expect(stdout).toMatch(/webhookReceivers/);
    expect(stdout).not.toContain(key);
  });

  test("stays as it is: a second up changes nothing, and a refresh finds nothing of it", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
    const refresh = await stage.pulumi("refresh", "--yes", "--skip-preview");
    expect(refresh.exitCode).toBe(0);
    // What AKS and ACR tell later of themselves; test/rehearsal/dev.test.ts has the reasons.
    expect(refresh.differences.filter((line) => !/^azure-native:container/.test(line))).toEqual([]);
    const after = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(after.changed).toEqual([]);
    expect(after.exitCode).toBe(0);
  });

  test("is watched no more when it is switched off", async () => {
    await stage.setAll({ "mcpaas:alerts.enabled": "false", "mcpaas:monitoring.enabled": "false" });
    const off = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(off.errors).toEqual([]);
    expect(off.exitCode).toBe(0);
    const left = (await azureResources(stage.running)).filter((id) =>
      /monitor|insights|alertsmanagement|dashboard|MA_/i.test(id),
    );
    expect(left).toEqual([]);
    const names = await stage.kubectl("get", "configmaps", "-n", "kube-system", "-o", "name");
    expect(names).not.toMatch(/ama-metrics|azm-ms/);
  });

  test("is destroyed, and leaves nothing", async () => {
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.errors).toEqual([]);
    expect(destroy.exitCode).toBe(0);
    const after = await takeInventory(stage.running, kubectl());
    expect(leftovers(before, after)).toEqual({ azure: [], cluster: [] });
  });
});
