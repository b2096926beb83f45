import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokensOf } from "./support/mcp.ts";
import { type Clients, startClients } from "./support/scaling.ts";
import { raiseStage, type Stage, WITHOUT_MCP } from "./support/stage.ts";

const SERVER = "mcpaas:mcpServers.echo";
const SELECTOR = "app.kubernetes.io/name=echo";

let stage: Stage;
beforeAll(async () => {
  stage = await raiseStage();
  for (const path of ["mcpaas:models", "mcpaas:chat"]) await stage.unset(path);
  await stage.setAll({
    ...WITHOUT_MCP,
    "mcpaas:cluster.gpuPool.enabled": "false",
    "mcpaas:kaito.mode": "off",
    "mcpaas:alerts.enabled": "false",
    [`${SERVER}.runtime`]: "deployment",
    [`${SERVER}.sessions`]: "portable",
    [`${SERVER}.autoscaling.maxReplicas`]: "4",
    [`${SERVER}.autoscaling.requestsPerSecond`]: "4",
    [`${SERVER}.autoscaling.scaler`]: "custom-metrics",
    // Slow enough down for calls to be made meanwhile, and fast enough for a test.
    [`${SERVER}.autoscaling.scaleDown.stabilizationSeconds`]: "0",
    [`${SERVER}.autoscaling.scaleDown.pods`]: "1",
    [`${SERVER}.autoscaling.scaleDown.periodSeconds`]: "10",
    "mcpaas:mcpServers.kept.transport": "http",
    "mcpaas:mcpServers.kept.build": "echo",
    [`${SERVER}.guard.limits.caller.calls`]: "1000000",
    [`${SERVER}.guard.limits.caller.seconds`]: "60",
  });
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.errors).toEqual([]);
  expect(up.exitCode).toBe(0);
});
afterAll(() => stage?.close());

interface Autoscaler {
  status: { desiredReplicas: number; conditions: { type: string; status: string; reason: string }[] };
}

const autoscaler = () => stage.get<Autoscaler>("horizontalpodautoscaler", "echo", "-n", "mcp");

const readyPods = async (): Promise<string[]> => {
  const { items } = await stage.get<{
    items: { metadata: { name: string; deletionTimestamp?: string }; status: { conditions?: Condition[] } }[];
  }>("pods", "-n", "mcp", "-l", SELECTOR);
  return items
    .filter(({ metadata, status }) => !metadata.deletionTimestamp && isReady(status.conditions))
    .map(({ metadata }) => metadata.name);
};

interface Condition {
  type: string;
  status: string;
}

const isReady = (conditions: Condition[] = []) =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

const numberOfPods = (count: number) => stage.until(async () => (await readyPods()).length === count);

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("a server that scales by its calls", () => {
  let clients: Clients;
  afterAll(() => clients?.close());

  test("has an autoscaler that knows of its calls before there is any", async () => {
    await stage.until(async () => {
      const { status } = await autoscaler();
      return status.conditions.some(({ type, status }) => type === "ScalingActive" && status === "True");
    });
    expect(await readyPods()).toHaveLength(1);
  });

  test("goes from one pod to four and back, and none of its clients loses a call or a session", async () => {
    const { echo } = await tokensOf(stage);
    clients = await startClients(stage, "http://echo.mcp.svc.cluster.local:3000/mcp", {
      token: String(echo?.["team"]),
      count: 8,
    });
    const sessions = clients.sessions();
    expect(new Set(sessions).size).toBe(8);

    // Eight clients with five calls a second each: as much as ten pods are to have.
    clients.pace(200);
    await clients.during(numberOfPods(4));
    await clients.during(clients.more(400));
    // The number is the autoscaler's: an update leaves it alone.
    const up = await clients.during(stage.pulumi("up", "--yes", "--skip-preview"));
    expect(up.errors).toEqual([]);
    const { spec } = await stage.get<{ spec: { replicas: number } }>("deployment", "echo", "-n", "mcp");
    expect(spec.replicas).toBe(4);

    // Two calls a second of all of them together: not enough for a second pod.
    clients.pace(4000);
    await clients.during(numberOfPods(1));
    await clients.during(clients.more(16));

    await clients.stop();
    expect(clients.sessions()).toEqual(sessions);
    const { status } = await autoscaler();
    expect(status.desiredReplicas).toBe(1);
  });
});

describe("a server that KMCP runs", () => {
  const replicas = async () =>
    (await stage.get<{ spec: { replicas: number } }>("deployment", "kept", "-n", "mcp")).spec.replicas;

  test("has as many pods as its MCPServer says, whoever scales its Deployment", async () => {
    await stage.kubectl("scale", "deployment/kept", "--replicas=3", "-n", "mcp");
    expect(await replicas()).toBe(3);
    // What makes the controller look: any change of the resource, as any restart of the controller does.
    const change = JSON.stringify({ spec: { timeout: "31s" } });
    await stage.kubectl("patch", "mcpserver/kept", "--type=merge", `--patch=${change}`, "-n", "mcp");
    await stage.until(async () => (await replicas()) === 1);
  });

  test("is refused an autoscaler in preview, with what to do instead", async () => {
    await stage.set("mcpaas:mcpServers.kept.autoscaling.maxReplicas", "3");
    const preview = await stage.pulumi("preview");
    expect(preview.exitCode).not.toBe(0);
    const said = preview.errors.join();
    expect(said).toMatch(/mcpServers\.kept\.autoscaling/);
    expect(said).toMatch(/resets the number of replicas.*runtime "deployment" has it/s);
  });
});
