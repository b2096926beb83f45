import { Provider } from "@pulumi/kubernetes/provider.js";
import { describe, expect, it } from "vitest";
import { GpuMetrics, type GpuMetricsArgs } from "../../../components/gpuMetrics.ts";
import { seriesOfJob } from "../../../components/metrics.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";
import { allows, policiesOf, READINGS } from "../../support/networkPolicy.ts";

const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const AGENT = { namespace: "kube-system", podLabels: { rsName: "ama-metrics" } };
const BASELINE = { standard: "baseline", reason: "The exporter's library asks for root" } as const;

const run = (args: GpuMetricsArgs = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new GpuMetrics("gpu-metrics", args, { provider: new Provider("cluster", { kubeconfig: "{}" }) }),
    {},
    options,
  );

describe.each([{ preview: false }, { preview: true }])("GpuMetrics, preview: $preview", ({ preview }) => {
  it("runs the pinned exporter on nodes with GPUs, spot or not, and waits for none of them", async () => {
    const { find, resources } = await run({}, { preview });
    const { metadata, spec } = find(DAEMON_SET).inputs;
    expect(metadata.annotations).toEqual({ "pulumi.com/skipAwait": "true" });
    const pod = spec.template.spec;
    expect(pod.nodeSelector).toEqual({ "kubernetes.azure.com/accelerator": "nvidia" });
    expect(pod.tolerations.map(({ key }: { key: string }) => key).sort()).toEqual([
      "kubernetes.azure.com/scalesetpriority",
      "nvidia.com/gpu",
      "sku",
    ]);
    expect(pod.containers[0]).toMatchObject({
      image: "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless",
      ports: [{ containerPort: 9400 }],
    });
    expect(needs(resources, find(DAEMON_SET), find(NAMESPACE))).toBe(true);
    expect(needs(resources, find(DAEMON_SET), find(CONFIG_MAP))).toBe(true);
  });
});

describe("GpuMetrics", () => {
  it("has no right but to look: no token, no capability, no GPU of its own", async () => {
    const { find } = await run();
    const { spec } = find(DAEMON_SET).inputs.spec.template;
    expect(spec.automountServiceAccountToken).toBe(false);
    const [container] = spec.containers;
    expect(container.securityContext).toEqual({
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(JSON.stringify(container.resources)).not.toContain("nvidia.com/gpu");
  });

  it("says whose a GPU is with the node's folder, and does without both under baseline", async () => {
    const privileged = await run();
    const of = ({ find }: typeof privileged) => find(DAEMON_SET).inputs.spec.template.spec;
    const env = (made: typeof privileged) =>
      of(made).containers[0].env.find(({ name }: { name: string }) => name === "DCGM_EXPORTER_KUBERNETES")
        .value;
    expect(env(privileged)).toBe("true");
    expect(of(privileged).volumes).toContainEqual({
      name: "pod-resources",
      hostPath: { path: "/var/lib/kubelet/pod-resources", type: "Directory" },
    });
    const standardOf = (made: typeof privileged) =>
      made.find(NAMESPACE).inputs.metadata.labels["pod-security.kubernetes.io/enforce"];
    expect(standardOf(privileged)).toBe("privileged");
    const baseline = await run({ podSecurityExemption: BASELINE });
    expect(env(baseline)).toBe("false");
    expect(JSON.stringify(of(baseline))).not.toContain("hostPath");
    expect(standardOf(baseline)).toBe("baseline");
  });

  it("asks for the counters of the catalogue, and its pods change with them", async () => {
    const { find } = await run();
    const counters: string = find(CONFIG_MAP).inputs.data["counters.csv"];
    const rows = counters
      .trimEnd()
      .split("\n")
      .map((line) => line.split(", "));
    expect(rows.map(([name]) => name).sort()).toEqual(seriesOfJob("dcgm"));
    // They need a capability that the exporter hasn't got.
    expect(counters).not.toContain("DCGM_FI_PROF_");
    for (const row of rows)
      expect([row.length, row[1]]).toEqual([3, expect.stringMatching(/^(gauge|counter)$/)]);
    const { template } = find(DAEMON_SET).inputs.spec;
    expect(template.metadata.annotations["mcpaas.dev/counters"]).toMatch(/^\w{10}$/);
  });

  it.each(READINGS)("lets in who reads metrics, and goes nowhere, as %s reads policies", async (reading) => {
    const { resources } = await run({ metricsClients: [AGENT] });
    const policies = policiesOf(resources);
    const exporter = { namespace: "gpu-metrics", labels: { "app.kubernetes.io/name": "dcgm-exporter" } };
    const agent = { namespace: "kube-system", labels: { rsName: "ama-metrics" } };
    expect(allows(policies, { from: agent, to: exporter, port: 9400 }, reading)).toBe(true);
    const other = { namespace: "mcp", labels: { app: "echo" } };
    expect(allows(policies, { from: other, to: exporter, port: 9400 }, reading)).toBe(false);
    expect(allows(policies, { from: exporter, to: { address: "203.0.113.9" }, port: 443 }, reading)).toBe(
      false,
    );
  });

  it.each<[string, GpuMetricsArgs, RegExp]>([
    [
      "the standard that it can't meet",
      { podSecurityExemption: "none" },
      /podSecurityExemption: .*runs as root/,
    ],
    ["an image that moves", { image: "nvcr.io/nvidia/k8s/dcgm-exporter:latest" }, /image/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
