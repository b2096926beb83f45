import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rig, startRig } from "../../arm/support.ts";
import { runHere } from "../running.ts";

const originalCertificates = getCACertificates("default");
const SECRET = "very-private";

let rig: Rig;
let bin: string;
let azure: Record<string, string>;
let group: string;
let empty: string;
let hanging: string;
const servers: Server[] = [];
const got: unknown[] = [];

/** A receiver on this machine; the address of one that is stopped again. */
async function receiver(status: number | "stopped" | "silent"): Promise<string> {
  const server = createServer(async (request, response) => {
    if (status === "silent") return;
    got.push({ url: request.url, body: await json(request) });
    response.writeHead(status === "stopped" ? 500 : status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  if (status === "stopped") await new Promise((resolve) => server.close(resolve));
  else servers.push(server);
  return `http://127.0.0.1:${port}/alerts?key=${SECRET}`;
}

async function actionGroup(name: string, properties: object): Promise<string> {
  const id = `/subscriptions/${rig.arm.subscriptionId}/resourceGroups/${rig.group}/providers/Microsoft.Insights/actionGroups/${name}`;
  const answer = await rig.raw("PUT", `${id}?api-version=2024-10-01-preview`, {
    body: { location: "global", properties: { groupShortName: "test", enabled: true, ...properties } },
  });
  expect(answer.status).toBeLessThan(300);
  return id;
}

/** A pulumi that knows the outputs of one stack. */
async function pulumiWith(outputs: unknown): Promise<string> {
  const folder = await mkdtemp(join(bin, "bin-"));
  const text = `#!/bin/sh\ncat <<'END'\n${JSON.stringify(outputs)}\nEND\n`;
  await writeFile(join(folder, "pulumi"), text, { mode: 0o755 });
  return folder;
}

beforeAll(async () => {
  rig = await startRig();
  bin = await mkdtemp(join(tmpdir(), "alert-test-"));
  setDefaultCACertificates([...originalCertificates, rig.ca]);
  azure = {
    ARM_METADATA_HOSTNAME: rig.arm.metadataHost,
    ARM_TENANT_ID: rig.arm.tenantId,
    ARM_CLIENT_ID: rig.arm.clientId,
    ARM_CLIENT_SECRET: rig.arm.clientSecret,
  };
  await rig.raw(
    "PUT",
    `/subscriptions/${rig.arm.subscriptionId}/resourceGroups/${rig.group}?api-version=2024-11-01`,
    {
      body: { location: "eastus" },
    },
  );
  const webhook = async (name: string, status: Parameters<typeof receiver>[0]) => ({
    name,
    serviceUri: await receiver(status),
    useCommonAlertSchema: true,
  });
  group = await actionGroup("ag-critical", {
    emailReceivers: [
      { name: "team", emailAddress: "team@example.com", useCommonAlertSchema: true },
      { name: "typo", emailAddress: "team@example.invalid", useCommonAlertSchema: true },
    ],
    webhookReceivers: [
      await webhook("good", 202),
      await webhook("gone", 404),
      await webhook("locked", 403),
      await webhook("down", "stopped"),
    ],
  });
  empty = await actionGroup("ag-empty", {});
  hanging = await actionGroup("ag-hanging", { webhookReceivers: [await webhook("silent", "silent")] });
});
afterAll(async () => {
  setDefaultCACertificates(originalCertificates);
  await rig.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await rm(bin, { recursive: true });
});

const run = (args: string[], env: Record<string, string> = {}) =>
  runHere(["alert-test", ...args], { ...azure, ...env });

describe("mcpaas alert-test", () => {
  it("sends to each receiver, says who confirmed and what to do, and ends with 1", async () => {
    got.length = 0;
    const { code, stdout } = await run(["--action-group", group, "--json"]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ actionGroup: "ag-critical", ok: false });
    const of = (name: string) =>
      report.receivers.find(({ receiver }: { receiver: string }) => receiver === name);
    expect(of("good")).toEqual({ receiver: "good", kind: "webhook", confirmed: true });
    expect(of("team")).toMatchObject({ kind: "email", confirmed: true });
    expect(of("typo")).toMatchObject({ confirmed: false, advice: expect.stringContaining("enter the code") });
    expect(of("gone")).toMatchObject({
      confirmed: false,
      detail: expect.stringContaining("404"),
      advice: expect.stringContaining(
        "pulumi config set --secret --path mcpaas:alerts.receivers.gone.webhook",
      ),
    });
    expect(of("locked")).toMatchObject({ advice: expect.stringContaining("key is wrong or has expired") });
    expect(of("down")).toMatchObject({ confirmed: false });
    expect(stdout).not.toContain(SECRET);
  });

  it("really delivers Azure's common alert schema", async () => {
    got.length = 0;
    const { code, stdout } = await run(["--action-group", group, "--receiver", "good, team"]);
    expect(code).toBe(0);
    expect(got).toEqual([
      {
        url: `/alerts?key=${SECRET}`,
        body: expect.objectContaining({ schemaId: "azureMonitorCommonAlertSchema" }),
      },
    ]);
    expect(stdout).toMatch(/^Action group ag-critical\n\nRECEIVER +KIND +TEST\n/);
    expect(stdout).toMatch(/\ngood +webhook +confirmed\n/);
    expect(stdout).toMatch(/\nAll 2 confirmed the test\.\n$/);
  });

  it("prints who failed for people, too", async () => {
    const { code, stdout } = await run(["--action-group", group, "--receiver", "good,gone"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\ngone +webhook +FAILED +HTTP 404/);
    expect(stdout).toMatch(/\n1 of 2 didn't confirm the test\.\n$/);
  });

  it("finds the action group in the stack's outputs", async () => {
    const PATH = await pulumiWith({ alerts: { actionGroups: { critical: group } } });
    const { code, stdout } = await run(["--receiver", "team"], { PATH: `${PATH}:/usr/bin:/bin` });
    expect(stdout).toMatch(/\nteam +email +confirmed\n/);
    expect(code).toBe(0);
  });

  it("says how a stack gets alerts that has none", async () => {
    const PATH = await pulumiWith({ chat: {} });
    const { code, stderr } = await run(["-s", "prod"], { PATH: `${PATH}:/usr/bin:/bin` });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "stack prod has no alerts; `pulumi config set --path mcpaas:alerts.enabled true -s prod`",
    );
  });

  it("says what to name where there is no pulumi", async () => {
    const { code, stderr } = await run([], { PATH: bin });
    expect(code).toBe(1);
    expect(stderr).toContain("pulumi is not on PATH; name the action group with --action-group instead");
  });

  it.each<[string, () => string[], number, RegExp]>([
    [
      "no receiver",
      () => ["--action-group", empty],
      1,
      /nobody is told: the action group ag-empty has no receivers/,
    ],
    [
      "another name",
      () => ["--action-group", group, "--receiver", "nobody"],
      2,
      /no receiver is called nobody; there are team, typo, good, gone, locked, down/,
    ],
    ["no group", () => ["--action-group", `${group}-x`], 1, /Azure has no action group ag-critical-x/],
    [
      "another id",
      () => ["--action-group", "ag-critical"],
      2,
      /ag-critical is not the ARM id of an action group/,
    ],
    ["a wrong time", () => ["--timeout", "0"], 2, /must be a number above 0/],
  ])("refuses %s with what is there", async (_, args, code, message) => {
    const ended = await run(args());
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
  });

  it("gives up in time on a receiver that never answers", async () => {
    const { code, stderr } = await run(["--action-group", hanging, "--timeout", "0.5"]);
    expect(stderr).toMatch(/not every receiver was through after 0\.5 s; --timeout <seconds> waits longer/);
    expect(code).toBe(1);
  });

  it("ends with 4 when nobody is signed in", async () => {
    const { code, stderr } = await run(["--action-group", group], { ARM_CLIENT_SECRET: "wrong" });
    expect(stderr).toMatch(/could not sign in to Azure: .*az login/s);
    expect(code).toBe(4);
  });
});
