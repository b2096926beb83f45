import { createServer as createPlain, type RequestListener } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { MonitorClient } from "@azure/arm-monitor";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { startMonitored } from "./monitored.ts";
import { inGroup, putInGroup, type Rig } from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startMonitored();
  await group();
});
afterEach(() => rig.close());

const type = "Microsoft.Insights/actionGroups/oncall";
const version = "api-version=2024-10-01-preview";
const group = (properties: object = {}, location = "Global") =>
  putInGroup(rig, type, version, {
    location,
    properties: { groupShortName: "oncall", enabled: true, ...properties },
  });
const email = (name: string) => ({ name, emailAddress: "team@example.com" });

describe("an action group", () => {
  test("shows all its lists, and ids as Azure spells them", async () => {
    const { body } = await group({ emailReceivers: [email("team")] });
    expect(body.id).toMatch(/\/resourceGroups\/rg\/providers\/microsoft\.insights\/actionGroups\/oncall$/);
    expect(body.properties).toMatchObject({ smsReceivers: [], webhookReceivers: [] });
    expect(body.properties.emailReceivers).toEqual([{ ...email("team"), status: "Enabled" }]);
    expect(body.properties.provisioningState).toBeUndefined();
  });

  test.each([
    ["too long a short name", { groupShortName: "thirteen-long" }],
    ["an address that is none", { emailReceivers: [{ name: "team", emailAddress: "team" }] }],
    ["a webhook that is none", { webhookReceivers: [{ name: "hook", serviceUri: "example.com" }] }],
    [
      "one name for two receivers",
      {
        emailReceivers: [email("on-call")],
        webhookReceivers: [{ name: "On-Call", serviceUri: "https://x.example" }],
      },
    ],
    [
      "eleven webhooks",
      {
        webhookReceivers: Array.from({ length: 11 }, (_, i) => ({
          name: `h${i}`,
          serviceUri: "https://x.example",
        })),
      },
    ],
  ])("is refused with %s", async (_, properties) => {
    expect((await group(properties)).status).toBe(400);
  });
});

describe("a test of receivers", () => {
  /** A receiver on this machine; what it gets is in the list. */
  async function receiver(answers: number[], tls?: { cert: string; key: string }) {
    const got: { url: string; body: unknown }[] = [];
    const listen: RequestListener = async (request, response) => {
      let text = "";
      for await (const chunk of request) {
        text += chunk;
      }
      got.push({ url: String(request.url), body: JSON.parse(text) });
      response.writeHead(answers[got.length - 1] ?? answers.at(-1) ?? 200).end();
    };
    const server = tls ? createSecure(tls, listen) : createPlain(listen);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    return { got, url: `${tls ? "https" : "http"}://127.0.0.1:${port}/alerts?key=1` };
  }

  async function send(receivers: object) {
    const client = new MonitorClient(rig.credential, rig.arm.subscriptionId, rig.client);
    return client.actionGroups.createNotificationsAtActionGroupResourceLevel("rg", "oncall", {
      alertType: "logalertv2",
      ...receivers,
    });
  }
  const hook = (name: string, serviceUri: string) => ({ name, serviceUri, useCommonAlertSchema: true });

  test("calls a webhook with an alert, and says for each how it went", async () => {
    const { got, url } = await receiver([200]);
    const bad = await receiver([500]);
    const result = await send({
      emailReceivers: [email("team"), { name: "nobody", emailAddress: "nobody@example.invalid" }],
      webhookReceivers: [hook("good", url), hook("bad", bad.url)],
    });
    expect(result.state).toBe("Complete");
    expect(result.context?.notificationSource).toBe("Microsoft.Insights/TestNotification");
    expect(result.actionDetails).toEqual([
      expect.objectContaining({ name: "team", mechanismType: "Email", status: "Succeeded", detail: null }),
      expect.objectContaining({
        name: "nobody",
        status: "Failed",
        detail: expect.stringContaining("domain"),
      }),
      expect.objectContaining({
        name: "good",
        mechanismType: "Webhook",
        status: "Succeeded",
        subState: "Default",
      }),
      expect.objectContaining({
        name: "bad",
        status: "Failed",
        detail: expect.stringMatching(/^HTTP 500: /),
      }),
    ]);
    expect(got).toHaveLength(1);
    expect(bad.got).toHaveLength(1);
    expect(got[0]?.url).toBe("/alerts?key=1");
    expect(got[0]?.body).toMatchObject({
      schemaId: "azureMonitorCommonAlertSchema",
      data: { essentials: { monitorCondition: "Fired", signalType: "Log" } },
    });
  });

  test("repeats what may be repeated", async () => {
    const { got, url } = await receiver([503, 200]);
    const { actionDetails } = await send({ webhookReceivers: [hook("late", url)] });
    expect(actionDetails?.[0]?.status).toBe("Succeeded");
    expect(got).toHaveLength(2);
  });

  test("trusts a certificate only when it was told to", async () => {
    const authority = await CertificateAuthority.create("receivers");
    const tls = await authority.issue({ name: "hook", hosts: ["127.0.0.1"] });
    const { got, url } = await receiver([200], tls);
    const status = async () =>
      (await send({ webhookReceivers: [hook("safe", url)] })).actionDetails?.[0]?.status;
    expect(await status()).toBe("Failed");
    expect(got).toHaveLength(0);
    await rig.raw("PUT", "/_rehearsal/trust", { body: authority.cert });
    expect(await status()).toBe("Succeeded");
    expect(got).toHaveLength(1);
  });

  test.each([
    ["where nobody listens", "http://127.0.0.1:1/"],
    ["outside of this machine", "https://hooks.example.com/x"],
  ])("says that nobody was reached %s", async (_, url) => {
    const { actionDetails } = await send({ webhookReceivers: [hook("far", url)] });
    expect(actionDetails?.[0]).toMatchObject({
      status: "Failed",
      detail: expect.stringMatching(/^HTTP 503: /),
    });
  });

  test("calls nothing but addresses of this machine's own", async () => {
    const { got, url } = await receiver([200]);
    // Would come here as well, and is no address that a certificate or a rule could be about.
    const { actionDetails } = await send({
      webhookReceivers: [hook("any", url.replace("127.0.0.1", "0.0.0.0"))],
    });
    expect([actionDetails?.[0]?.status, got]).toEqual(["Failed", []]);
  });

  test("is answered with 202 until the slowest receiver has answered", async () => {
    await rig.close();
    rig = await startMonitored({ delays: { operationMs: 20, holdMs: 1 } });
    await group();
    const answer = Promise.withResolvers<void>();
    const server = createPlain(async (_, response) => {
      await answer.promise;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const begun = await rig.raw("POST", inGroup(rig, `${type}/createNotifications?${version}`), {
      body: { alertType: "logalertv2", webhookReceivers: [hook("slow", `http://127.0.0.1:${port}/`)] },
    });
    expect(begun.status).toBe(202);
    const where = String(begun.headers["location"]);
    expect(where).toMatch(/\/actionGroups\/oncall\/notificationStatus\/\d+\?api-version=/);
    expect((await rig.raw("GET", where)).status).toBe(202);
    answer.resolve();
    let status = await rig.raw("GET", where);
    while (status.status === 202) {
      status = await rig.raw("GET", where);
    }
    expect(status.body.actionDetails).toEqual([
      expect.objectContaining({ Name: "slow", Status: "Succeeded" }),
    ]);
  });

  test.each([
    ["of a role", { alertType: "budget", armRoleReceivers: [{ name: "role" }] }, "NotSupportedArmRole"],
    ["of an unknown kind", { alertType: "fire", emailReceivers: [email("team")] }, "BadRequest"],
    ["of nobody", { alertType: "budget" }, "BadRequest"],
  ])("%s is refused", async (_, body, code) => {
    const answer = await rig.raw("POST", inGroup(rig, `${type}/createNotifications?${version}`), { body });
    expect([answer.status, answer.body.code]).toEqual([400, code]);
  });
});
