import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { McpServerDeploymentArgs } from "../../../components/mcpServerDeployment.ts";
import { needs, resolved } from "../../support/mocks.ts";
import { DEPLOYMENT, runGuarded, SECRET, SERVER, SERVICE } from "../mcpGuard/guarded.ts";

const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const LABELS = { "app.kubernetes.io/name": "search", "app.kubernetes.io/instance": "search" };

const run = (args: Partial<McpServerDeploymentArgs> = {}, options: { preview?: boolean } = {}) =>
  runGuarded({}, { runtime: "deployment", ...args }, options);

describe.each([{ preview: false }, { preview: true }])(
  "a server of its own, preview: $preview",
  ({ preview }) => {
    it("is a Deployment and a Service in KMCP's place, after what they need", async () => {
      const { find, resources, result } = await run({}, { preview });
      expect(resources.filter(({ type }) => [SERVER, AUTOSCALER, BUDGET].includes(type))).toEqual([]);
      const deployment = find(DEPLOYMENT);
      expect(needs(resources, deployment, find(POLICY, "search-network"))).toBe(true);
      expect(needs(resources, deployment, find(SECRET))).toBe(true);
      expect(needs(resources, find(SERVICE), deployment)).toBe(true);
      expect(deployment.customTimeouts).toEqual({ create: "10m", update: "10m", delete: "5m" });
      expect(await resolved(result.url)).toBe("http://search.mcp.svc.cluster.local:3000/mcp");
    });
  },
);

describe("a server of its own", () => {
  it("has the pod that it would have under KMCP", async () => {
    const args = {
      command: "node",
      args: ["server.js"],
      secretRefs: ["keys"],
      imagePullSecrets: ["pull"],
      workloadIdentityClientId: "client",
      nodeSelector: { a: "b" },
    };
    const kmcp = (await runGuarded({}, args)).find(SERVER).inputs.spec.deployment;
    const { spec } = (await run(args)).find(DEPLOYMENT).inputs;
    const pod = spec.template.spec;
    const [server, ...sidecars] = pod.containers;
    expect(server).toMatchObject({
      name: "mcp-server",
      image: kmcp.image,
      command: ["node"],
      args: kmcp.args,
      envFrom: [{ secretRef: { name: "keys" } }],
      resources: kmcp.resources,
      securityContext: kmcp.securityContext,
      volumeMounts: kmcp.volumeMounts,
    });
    expect(Object.fromEntries(server.env.map(({ name, value }: never) => [name, value]))).toEqual(kmcp.env);
    expect(sidecars).toEqual(kmcp.sidecars);
    expect(pod).toMatchObject({
      serviceAccountName: kmcp.serviceAccountName,
      automountServiceAccountToken: false,
      securityContext: kmcp.podSecurityContext,
      volumes: kmcp.volumes,
      imagePullSecrets: kmcp.imagePullSecrets,
      nodeSelector: kmcp.nodeSelector,
    });
    expect(spec.selector.matchLabels).toEqual(LABELS);
    // What KMCP has no field for.
    expect(server.lifecycle).toEqual({ preStop: { httpGet: { path: "/drained", port: 9464 } } });
    // The guard's settings differ in how the pod goes.
    const own = { "mcpaas.dev/guard-config": expect.any(String) };
    const { "mcpaas.dev/spec": _, ...annotations } = { ...kmcp.annotations, ...own };
    expect(spec.template.metadata).toEqual({ labels: { ...LABELS, ...kmcp.labels }, annotations });
  });

  it("mounts ConfigMaps where KMCP does", async () => {
    const { find } = await run({ configMapRefs: ["one", pulumi.output("t.w.o")] });
    const { containers, volumes } = find(DEPLOYMENT).inputs.spec.template.spec;
    expect(containers[0].volumeMounts.slice(1)).toEqual([
      { name: "configmap-0", mountPath: "/configmaps/one", readOnly: true },
      { name: "configmap-1", mountPath: "/configmaps/t.w.o", readOnly: true },
    ]);
    expect(volumes.slice(-2)).toEqual([
      { name: "configmap-0", configMap: { name: "one" } },
      { name: "configmap-1", configMap: { name: "t.w.o" } },
    ]);
  });

  it("scales by its CPU, and then says no number of pods itself", async () => {
    const autoscaling = { minReplicas: 2, maxReplicas: 5, targetCPUUtilization: 60 };
    const { find } = await run({ autoscaling, sessions: "stateless" });
    expect(find(DEPLOYMENT).inputs.spec).not.toHaveProperty("replicas");
    expect(find(DEPLOYMENT).inputs.metadata).not.toHaveProperty("annotations");
    // Nor does it take back those that it said before.
    expect(find(DEPLOYMENT).ignoreChanges).toEqual(["spec.replicas"]);
    expect(find(AUTOSCALER).inputs).toMatchObject({
      metadata: { name: "search", namespace: "mcp" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "search" },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
          },
        ],
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 0 },
          scaleDown: { stabilizationWindowSeconds: 300 },
        },
      },
    });
    expect(find(BUDGET).inputs.spec).toMatchObject({ selector: { matchLabels: LABELS }, maxUnavailable: 1 });
  });

  it("has a budget as soon as there are two pods, and no affinity unless it is asked for", async () => {
    const { find } = await run({ replicas: 2, sessions: "stateless" });
    expect(find(DEPLOYMENT).inputs.spec.replicas).toBe(2);
    // Whether or not an autoscaler that was there before, or somebody by hand, has set another number.
    expect(find(DEPLOYMENT).inputs.metadata.annotations).toEqual({ "pulumi.com/patchForce": "true" });
    expect(find(DEPLOYMENT).ignoreChanges).toEqual([]);
    expect(find(BUDGET).inputs.spec.maxUnavailable).toBe(1);
    expect(find(SERVICE).inputs.spec).toEqual({
      selector: LABELS,
      ports: [{ name: "http", protocol: "TCP", port: 3000, targetPort: 3000 }],
    });
  });

  it("keeps a client's address at its pod", async () => {
    const { find } = await run({ replicas: 2, sessions: "client-ip" });
    expect(find(SERVICE).inputs.spec).toMatchObject({
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_400 } },
    });
  });

  it("has probes, as far as the kubelet can reach it", async () => {
    const exec = { exec: { command: ["true"] } };
    const httpGet = { httpGet: { path: "/healthz", port: 8080 } };
    const probesOf = async (args: Partial<McpServerDeploymentArgs>) =>
      (await run(args)).find(DEPLOYMENT).inputs.spec.template.spec.containers[0];
    const probes = { startup: exec, readiness: exec, liveness: exec };
    expect(await probesOf({ probes })).toMatchObject({
      startupProbe: exec,
      readinessProbe: exec,
      livenessProbe: exec,
    });
    await expect(run({ probes: { liveness: httpGet } })).rejects.toThrow(
      /^probes.liveness: must be an exec probe: .* loopback/,
    );
    const open = { probes: { liveness: httpGet }, env: { HOST: "0.0.0.0" } };
    expect(await probesOf(open)).toMatchObject({ livenessProbe: httpGet });
    expect(await probesOf({ guard: "none", probes: { liveness: httpGet } })).toMatchObject({
      livenessProbe: httpGet,
      ports: [{ name: "mcp", containerPort: 3000, protocol: "TCP" }],
    });
  });

  it.each<[string, Partial<McpServerDeploymentArgs>, RegExp]>([
    [
      "more calls than any pod takes",
      { autoscaling: { maxReplicas: 1, requestsPerSecond: 20_000 } },
      /^autoscaling.requestsPerSecond: 20000 is not allowed; it must be a number from 0.1 to 10000/,
    ],
    [
      "a share of CPU above all of it",
      { autoscaling: { maxReplicas: 1, targetCPUUtilization: 150 } },
      /^autoscaling.targetCPU/,
    ],
    [
      "no pods",
      { autoscaling: { maxReplicas: 0, minReplicas: 0 } },
      /^autoscaling.minReplicas: must be 1 at/,
    ],
    ["half a pod", { autoscaling: { maxReplicas: 1, minReplicas: 0.5 } }, /^autoscaling.minReplicas: 0.5 is/],
    ["pods without number", { replicas: 101, sessions: "stateless" }, /^replicas: 101 is not allowed/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
