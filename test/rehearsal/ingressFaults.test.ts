import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { browse } from "./support/front.ts";
import { raiseStage, type Stage, WITHOUT_MCP } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
const kubectl = () => join(stage.toolchain.bin, "kubectl");
const up = () => stage.pulumi("up", "--yes", "--skip-preview");
const host = "mcpaas:ingress.mcpServers.echo.host";

beforeAll(async () => {
  stage = await raiseStage();
  before = await takeInventory(stage.running, kubectl());
  await stage.unset("mcpaas:models");
  await stage.setAll({
    ...WITHOUT_MCP,
    "mcpaas:chat.enabled": "false",
    "mcpaas:cluster.gpuPool.enabled": "false",
    "mcpaas:ingress.enabled": "true",
    "mcpaas:ingress.tls.issuer": "production",
    "mcpaas:ingress.tls.email": "platform@example.com",
    "mcpaas:ingress.readyTimeoutMinutes": "1",
  });
});
afterAll(() => stage?.close());

interface Gateway {
  status: { conditions: { type: string; message: string }[] };
}

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("what a front door lacks is said while it is waited for", () => {
  test("an address: nobody has made the public IP that the settings name", async () => {
    await stage.setAll({
      [host]: "forbidden.example.com",
      "mcpaas:ingress.publicIp.name": "pip-none",
      "mcpaas:ingress.publicIp.resourceGroup": "network",
    });
    const update = await up();
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join("\n")).toMatch(/Gateway::front-door.*timed out/s);
    expect(await stage.output(update)).toMatch(/Gateway front-door .*Programmed=False \(want True\)/);
    const { status } = await stage.get<Gateway>("gateway", "front-door", "-n", "ingress");
    expect(status.conditions.find(({ type }) => type === "Programmed")?.message).toBe(
      "the Service front-door-approuting-istio has no address yet",
    );
  });

  test("a certificate: the authority refuses the host", async () => {
    await stage.unset("mcpaas:ingress.publicIp");
    const update = await up();
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join("\n")).toMatch(/Certificate::front-door-certificate-forbidden.*timed out/s);
    expect(await stage.output(update)).toMatch(/forbidden by policy: "forbidden\.example\.com"/);
  });

  test("and with another host the next update is whole", async () => {
    await stage.set(host, "echo.example.com");
    const update = await up();
    expect(update.errors).toEqual([]);
    expect((await browse(stage, "https://echo.example.com/mcp")).status).toBe(401);
  });

  test("a host that failed leaves nothing behind, nor does the rest when it is destroyed", async () => {
    const orders = await stage.kubectl("get", "certificates,orders", "-n", "ingress", "-o", "name");
    expect(orders).not.toMatch(/forbidden/);
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.errors).toEqual([]);
    expect(leftovers(before, await takeInventory(stage.running, kubectl()))).toEqual({
      azure: [],
      cluster: [],
    });
  });
});
