import { Provider } from "@pulumi/kubernetes/provider.js";
import { describe, expect, it } from "vitest";
import { KaitoInstall, type KaitoInstallArgs } from "../../../components/kaitoInstall.ts";
import type { PodSecurityExemption } from "../../../components/restrictedNamespace.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const CHART = "kubernetes:helm.sh/v4:Chart";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const QUOTA = "kubernetes:core/v1:ResourceQuota";

const run = (args: KaitoInstallArgs = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new KaitoInstall("kaito", args, { provider: new Provider("cluster", { kubeconfig: "{}" }) }),
    {},
    options,
  );

const ON = { aiToolchainOperator: true };
const OFF = { aiToolchainOperator: false };

describe.each([{ preview: false }, { preview: true }])("KaitoInstall, preview: $preview", ({ preview }) => {
  it("installs one chart at the pinned version, into a namespace that is there and open first", async () => {
    const { find, resources, result } = await run({ cluster: OFF }, { preview });
    const chart = find(CHART);
    expect(chart.name).toBe("kaito-workspace");
    expect(chart.inputs).toMatchObject({
      chart: "workspace",
      repositoryOpts: { repo: "https://kaito-project.github.io/kaito/charts/kaito" },
      name: "workspace",
      namespace: "kaito-workspace",
      version: "0.11.0",
      skipCrds: true,
      values: { nodeProvisioner: "byo", featureGates: { disableNodeAutoProvisioning: true } },
    });
    expect(needs(resources, chart, find(NAMESPACE))).toBe(true);
    expect(needs(resources, chart, find(POLICY, "kaito-workspace-webhook"))).toBe(true);
    expect(needs(resources, chart, find(POLICY, "kaito-workspace-node-features"))).toBe(true);
    expect(await resolved(result.namespace)).toBe("kaito-workspace");
    expect(result.ragEngineNamespace).toBeUndefined();
    expect(result.mode).toBe("byo");
  });

  it("installs the RAG engine's chart on request, into a namespace of its own, after the other", async () => {
    const { find, resources, result } = await run({ ragEngine: true }, { preview });
    const [workspace, ragEngine] = [find(CHART, "kaito-workspace"), find(CHART, "kaito-ragengine")];
    expect(ragEngine.inputs).toMatchObject({
      chart: "ragengine",
      name: "ragengine",
      namespace: "kaito-ragengine",
      version: "0.11.0",
      values: { presetRagImageTag: "0.11.0" },
    });
    expect(needs(resources, ragEngine, workspace)).toBe(true);
    expect(needs(resources, ragEngine, find(NAMESPACE, "kaito-ragengine-namespace"))).toBe(true);
    expect(needs(resources, ragEngine, find(POLICY, "kaito-ragengine-webhook"))).toBe(true);
    if (result.ragEngineNamespace === undefined) throw new Error("no namespace of RAG engines");
    expect(await resolved(result.ragEngineNamespace)).toBe("kaito-ragengine");
  });

  it("puts everything into the cluster it was given", async () => {
    const { resources } = await run({ ragEngine: true }, { preview });
    const inCluster = resources.filter((r) => r.type.startsWith("kubernetes:"));
    expect(inCluster.length).toBeGreaterThan(10);
    for (const resource of inCluster)
      expect([resource.name, resource.provider]).toEqual([resource.name, "cluster"]);
  });

  it("makes nothing in mode addon, where AKS has it all", async () => {
    const { resources, result } = await run({ mode: "addon", cluster: ON }, { preview });
    expect(resources.map((r) => r.type).sort()).toEqual([
      "mcpaas:index:KaitoInstall",
      "pulumi:providers:kubernetes",
    ]);
    expect(await resolved(result.namespace)).toBe("kube-system");
    expect([result.mode, result.version]).toEqual(["addon", undefined]);
  });
});

describe("KaitoInstall", () => {
  it.each<[string, KaitoInstallArgs, string, string]>([
    ["something runs on nodes", {}, "privileged", "15002"],
    ["only the device plugin does", { gpuFeatureDiscovery: "none" }, "privileged", "15002"],
    ["only discovery does", { devicePlugin: "none" }, "privileged", "15002"],
    ["nothing does", { devicePlugin: "none", gpuFeatureDiscovery: "none" }, "restricted", "50"],
  ])(
    "%s: the namespace is as strict as its pods allow, and has room for them",
    async (_, args, standard, pods) => {
      const { find } = await run(args);
      expect(find(NAMESPACE).inputs.metadata).toMatchObject({
        name: "kaito-workspace",
        labels: { "pod-security.kubernetes.io/enforce": standard },
      });
      expect(find(QUOTA).inputs.spec.hard.pods).toBe(pods);
    },
  );

  it("keeps the RAG engine's controller in a namespace that enforces the restricted standard", async () => {
    const { find } = await run({ ragEngine: true });
    expect(find(NAMESPACE, "kaito-ragengine-namespace").inputs.metadata.labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });

  it("lets controllers call all but what is the node's, and lets no other in than it names", async () => {
    const { resources } = await run({ ragEngine: true });
    const types = Object.fromEntries(
      resources.filter((r) => r.type === POLICY).map((r) => [r.name, r.inputs.spec.policyTypes]),
    );
    expect(types).toEqual({
      "kaito-ragengine-namespace-allow-egress": ["Egress"],
      "kaito-ragengine-namespace-default-deny": ["Ingress", "Egress"],
      "kaito-ragengine-webhook": ["Ingress"],
      "kaito-workspace-namespace-allow-egress": ["Egress"],
      "kaito-workspace-namespace-default-deny": ["Ingress", "Egress"],
      "kaito-workspace-node-features": ["Ingress"],
      "kaito-workspace-webhook": ["Ingress"],
    });
  });

  it.each<[string, PodSecurityExemption | "none"]>([
    ["no exemption", "none"],
    [
      "one that is too weak for mounted folders",
      { standard: "baseline", reason: "a reason that is long enough" },
    ],
  ])("refuses what it brings for nodes with %s", async (_, podSecurityExemption) => {
    await expect(run({ podSecurityExemption })).rejects.toThrow(
      /^podSecurityExemption: must have the standard "privileged" .* set devicePlugin, .* to "none"/,
    );
  });

  it("needs no exemption when others provide for the nodes", async () => {
    const none = { devicePlugin: "none", gpuFeatureDiscovery: "none", podSecurityExemption: "none" } as const;
    const { find } = await run(none);
    expect(find(NAMESPACE, "kaito-workspace-namespace").inputs.metadata).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("writes the exemption's reason on the namespace", async () => {
    const reason = "Our GPU nodes have an agent of our own beside KAITO's.";
    const { find } = await run({ podSecurityExemption: { standard: "privileged", reason } });
    expect(find(NAMESPACE, "kaito-workspace-namespace").inputs.metadata.annotations).toEqual({
      "mcpaas.dev/pod-security-exemption": reason,
    });
  });

  it.each<[KaitoInstallArgs, boolean]>([
    [{}, true],
    [{ ragEngine: true }, false],
    [{ ragEngine: true, foreignCrds: false }, true],
    [{ foreignCrds: true }, false],
  ])("%j: leaves the CRDs of others out: %s", async (args, expected) => {
    const { find } = await run(args);
    expect(find(CHART, "kaito-workspace").inputs.skipCrds).toBe(expected);
  });

  it.each([
    [undefined, undefined],
    [true, true],
  ])("protectCrds %s reaches the CRDs that the charts render: %s", async (protectCrds, expected) => {
    const { resources } = await run({ ragEngine: true, protectCrds });
    const charts = resources.filter((r) => r.type === CHART);
    expect(charts).toHaveLength(2);
    for (const { transforms } of charts) {
      const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
      const args = { custom: true, type, name: "crd", props: {}, opts: {} };
      const [transform] = transforms;
      expect(transforms).toHaveLength(1);
      expect((await transform?.(args))?.opts?.protect).toBe(expected);
    }
  });

  it.each([
    [
      "https://mirror.example/charts/",
      { chart: "workspace", repositoryOpts: { repo: "https://mirror.example/charts" } },
    ],
    ["oci://mirror.example/charts", { chart: "oci://mirror.example/charts/workspace" }],
    ["/srv/charts", { chart: "/srv/charts/workspace" }],
  ])("takes charts from %s", async (chartRepository, expected) => {
    const { find } = await run({ chartRepository });
    expect(find(CHART).inputs).toMatchObject(expected);
    expect("repositoryOpts" in find(CHART).inputs).toBe("repositoryOpts" in expected);
  });

  it("takes images from a mirror", async () => {
    const { find } = await run({
      ragEngine: true,
      presetRegistry: "mirror.example/models",
      images: { workspace: "mirror.example/kaito", ragEngine: "mirror.example/rag" },
      version: "0.11.1",
    });
    expect(find(CHART, "kaito-workspace").inputs).toMatchObject({
      version: "0.11.1",
      values: {
        image: { repository: "mirror.example/kaito", tag: "0.11.1" },
        presetRegistryName: "mirror.example/models",
      },
    });
    expect(find(CHART, "kaito-ragengine").inputs.values).toMatchObject({
      image: { repository: "mirror.example/rag", tag: "0.11.1" },
      presetRagRegistryName: "mirror.example/models",
    });
  });

  it.each<[KaitoInstallArgs, RegExp]>([
    [
      { mode: "byo", cluster: ON },
      /^mode: "byo" would install KAITO a second time.*use mode "addon", or set .* to false/,
    ],
    [{ cluster: ON }, /^mode: "byo" would install KAITO a second time/],
    [{ mode: "addon" }, /^cluster: is missing; mode "addon" needs the cluster/],
    [
      { mode: "addon", cluster: OFF },
      /^mode: "addon" needs .* set its aiToolchainOperator to true, or use mode "byo"/,
    ],
    [
      { mode: "addon", cluster: ON, ragEngine: true },
      /^ragEngine: the AKS add-on has no RAG engine; use mode "byo"/,
    ],
    [{ mode: "addon", cluster: ON, devicePlugin: "none" }, /^devicePlugin: has no meaning in mode "addon"/],
    [{ mode: "managed" as "addon" }, /^mode: "managed" is not allowed; it must be "byo" .* or "addon"/],
    [{ version: "v0.11.0" }, /^version: "v0.11.0" is not allowed; it must be a version without v/],
    [{ namespace: "Kaito" }, /^namespace: "Kaito" is not allowed/],
    [
      { apiServerRanges: ["10.1.0.0"] },
      /^apiServerRanges\[0\]: "10.1.0.0" is not allowed; it must be an IP range/,
    ],
    [
      { resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "a lot" } } },
      /^resources.limits.memory: "a lot" is not allowed; it must be a Kubernetes quantity/,
    ],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
