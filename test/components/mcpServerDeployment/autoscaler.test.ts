import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { callsQuery } from "../../../components/mcpServerDeployment/autoscaler.ts";
import type { McpServerDeploymentArgs } from "../../../components/mcpServerDeployment.ts";
import { needs } from "../../support/mocks.ts";
import { metricsOf } from "../../support/promql.ts";
import { CONFIG, configOf, DEPLOYMENT, KEY, keyOf, runGuarded, SECRET, SERVER } from "../mcpGuard/guarded.ts";

const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";

const run = (args: Partial<McpServerDeploymentArgs>, limits = {}) =>
  runGuarded({ limits }, { runtime: "deployment", sessions: "stateless", ...args });

const perSecond = (averageValue: string) => ({
  type: "Pods",
  pods: {
    metric: { name: "mcp_guard_calls_per_second" },
    target: { type: "AverageValue", averageValue },
  },
});

describe("an autoscaler of a server", () => {
  it("goes by calls alone where only they are said, and by both where both are", async () => {
    const metricsOfRun = async (autoscaling: McpServerDeploymentArgs["autoscaling"]) =>
      (await run({ autoscaling })).find(AUTOSCALER).inputs.spec.metrics;
    expect(await metricsOfRun({ maxReplicas: 4, requestsPerSecond: 20 })).toEqual([perSecond("20")]);
    const both = { maxReplicas: 4, requestsPerSecond: 0.25, targetCPUUtilization: 80 };
    expect(await metricsOfRun(both)).toEqual([
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
      },
      perSecond("250m"),
    ]);
  });

  it("is as fast as it is told", async () => {
    const autoscaling = { maxReplicas: 4, scaleDown: { stabilizationSeconds: 60, pods: 1 } };
    const { behavior } = (await run({ autoscaling })).find(AUTOSCALER).inputs.spec;
    expect(behavior.scaleDown).toEqual({
      stabilizationWindowSeconds: 60,
      selectPolicy: "Max",
      policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
    });
  });

  it("is KEDA's where that is said, which asks for the calls of this server in this cluster", async () => {
    const keda = { serverAddress: "https://q.example.com", identityClientId: "client", cluster: "aks-1" };
    const autoscaling = { minReplicas: 2, maxReplicas: 4, requestsPerSecond: 20, keda };
    const { find, resources } = await run({ autoscaling });
    expect(resources.filter(({ type }) => type === AUTOSCALER)).toEqual([]);
    const { spec } = find(SCALED).inputs;
    expect(needs(resources, find(SCALED), find(DEPLOYMENT))).toBe(true);
    expect(spec).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "search" },
      minReplicaCount: 2,
      maxReplicaCount: 4,
      triggers: [{ type: "prometheus", metadata: { threshold: "20" } }],
    });
    const { query } = spec.triggers[0].metadata;
    expect(query).toBe(callsQuery('{cluster="aks-1",namespace="mcp",server="search"}'));
    expect(metricsOf(query)).toEqual(["mcp_guard_calls_total"]);
  });
});

describe("an autoscaler of the other kind", () => {
  it.each([
    [AUTOSCALER, SCALED, undefined],
    [SCALED, AUTOSCALER, { serverAddress: "https://q.example.com" }],
  ])("is %s in the place of %s, which goes first: two would be refused", async (type, other, keda) => {
    const { find } = await run({ autoscaling: { maxReplicas: 4, requestsPerSecond: 20, keda } });
    const autoscaler = find(type, "search-autoscaler");
    expect(autoscaler.formerTypes).toContain(other);
    expect(autoscaler.replaceOnChanges).toEqual(["kind"]);
    expect(autoscaler.deleteBeforeReplace).toBe(true);
  });
});

describe("a server that scales", () => {
  it("tells server and guard that there are no sessions", async () => {
    const { find } = await run({ replicas: 2 });
    const [server] = find(DEPLOYMENT).inputs.spec.template.spec.containers;
    expect(server.env).toContainEqual({ name: "MCP_SESSIONS", value: "stateless" });
    const config = parse(configOf(find));
    expect(config.sessions).toEqual({ mode: "stateless" });
    // A client that keeps its connection would never find a new pod.
    expect(config.listen.connectionSeconds).toBe(30);
  });

  it.each(["deployment", "kmcp"] as const)("has a key for portable sessions, under %s", async (runtime) => {
    const { find, resources } = await run({ runtime, replicas: 2, sessions: "portable" });
    const config = parse(configOf(find));
    expect(config.sessions).toEqual({
      mode: "portable",
      keyFile: "/var/run/secrets/mcp-guard/sessions/key",
    });
    const secret = find(SECRET, "search-sessions");
    expect(secret.inputs.metadata).toEqual({ name: "search.guard-sessions", namespace: "mcp" });
    expect(secret.secretInputs).toEqual(["stringData"]);
    const workload = find(runtime === "kmcp" ? SERVER : DEPLOYMENT);
    expect(needs(resources, workload, secret)).toBe(true);
    const pod = runtime === "kmcp" ? workload.inputs.spec.deployment : workload.inputs.spec.template.spec;
    const guard = (pod.sidecars ?? pod.containers).find(({ name }: { name: string }) => name === "guard");
    expect(guard.volumeMounts).toContainEqual({
      name: "guard-sessions",
      mountPath: "/var/run/secrets/mcp-guard/sessions",
      readOnly: true,
    });
    expect(pod.volumes).toContainEqual({
      name: "guard-sessions",
      secret: { secretName: "search.guard-sessions", defaultMode: 0o440 },
    });
    // The pods are no secret, and no key is in them.
    expect(workload.secretInputs).toEqual([]);
    const keys = resources.filter(({ type }) => type === KEY).map((_, i) => keyOf(i));
    for (const key of keys) expect(JSON.stringify(workload.inputs)).not.toContain(key);
    expect(find(CONFIG).secretInputs).toEqual([]);
  });

  it.each([
    ["as any call gets", {}, 60, 75],
    ["as a slow server's calls get", { callSeconds: 300 }, 300, 315],
    ["as the guard allows at most", { callSeconds: 3600 }, 600, 615],
  ])("gives the calls of a pod that goes as long %s", async (_, limits, grace, termination) => {
    const { find } = await run({}, limits);
    expect(parse(configOf(find))).toMatchObject({ drainSeconds: 5, shutdownGraceSeconds: grace });
    const { spec } = find(DEPLOYMENT).inputs.spec.template;
    expect(spec.terminationGracePeriodSeconds).toBe(termination);
  });

  it("leaves the guard's own ending to KMCP's pods, which have 30 seconds and no hook", async () => {
    const config = parse(configOf((await run({ runtime: "kmcp" })).find));
    expect(config).not.toHaveProperty("drainSeconds");
    expect(config).not.toHaveProperty("shutdownGraceSeconds");
  });
});
