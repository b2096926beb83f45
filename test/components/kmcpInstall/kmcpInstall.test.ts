import { Provider } from "@pulumi/kubernetes/provider.js";
import { describe, expect, it } from "vitest";
import { KmcpInstall, type KmcpInstallArgs } from "../../../components/kmcpInstall.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";
import { allows, policiesOf } from "../../support/networkPolicy.ts";

const CHART = "kubernetes:helm.sh/v4:Chart";
const NAMESPACE = "kubernetes:core/v1:Namespace";

const run = (args: KmcpInstallArgs = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new KmcpInstall("kmcp", args, { provider: new Provider("cluster", { kubeconfig: "{}" }) }),
    {},
    options,
  );

describe.each([{ preview: false }, { preview: true }])("KmcpInstall, preview: $preview", ({ preview }) => {
  it("installs both charts at one pinned version, the CRDs first", async () => {
    const { find, resources } = await run({}, { preview });
    const crds = find(CHART, "kmcp-crds");
    const controller = find(CHART, "kmcp-controller");
    expect(crds.inputs).toEqual({
      chart: "oci://ghcr.io/kagent-dev/kmcp/helm/kmcp-crds",
      name: "kmcp-crds",
      namespace: "kmcp-system",
      version: "0.3.0",
    });
    expect(controller.inputs).toMatchObject({
      chart: "oci://ghcr.io/kagent-dev/kmcp/helm/kmcp",
      name: "kmcp",
      namespace: "kmcp-system",
      version: "0.3.0",
      values: { image: { tag: "0.3.0" } },
    });
    expect(needs(resources, controller, crds)).toBe(true);
    expect(needs(resources, crds, find(NAMESPACE))).toBe(true);
  });

  it("puts everything into the cluster it was given", async () => {
    const { resources } = await run({}, { preview });
    const inCluster = resources.filter((r) => r.type.startsWith("kubernetes:"));
    expect(inCluster.length).toBeGreaterThan(4);
    for (const resource of inCluster)
      expect([resource.name, resource.provider]).toEqual([resource.name, "cluster"]);
  });
});

describe("KmcpInstall", () => {
  it("runs the controller in a namespace that enforces the restricted standard, with the API in reach", async () => {
    const { find, resources } = await run();
    expect(find(NAMESPACE).inputs.metadata).toMatchObject({
      name: "kmcp-system",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    const from = { namespace: "kmcp-system" };
    const policies = policiesOf(resources);
    expect(allows(policies, { from, to: { address: "203.0.113.9" }, port: 443 })).toBe(true);
    expect(allows(policies, { from, to: { address: "169.254.169.254" }, port: 80 })).toBe(false);
    expect(allows(policies, { from: { namespace: "other" }, to: from, port: 8443 })).toBe(false);
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])("protectCrds %s: the CRDs' chart is protected: %s", async (protectCrds, expected) => {
    const { find } = await run({ protectCrds });
    expect(find(CHART, "kmcp-crds").protect).toBe(expected);
    expect(find(CHART, "kmcp-controller").protect).toBe(false);
  });

  it("takes charts and images from a mirror", async () => {
    const { find } = await run({
      chartRepository: "oci://mirror.example/helm/",
      imageRepository: "mirror.example/kmcp",
      version: "0.3.1",
    });
    expect(find(CHART, "kmcp-controller").inputs).toMatchObject({
      chart: "oci://mirror.example/helm/kmcp",
      version: "0.3.1",
      values: { image: { repository: "mirror.example/kmcp", tag: "0.3.1" } },
    });
  });

  it.each<[KmcpInstallArgs, RegExp]>([
    [
      { version: "v0.3.0" },
      /^version: "v0.3.0" is not allowed; it must be a version without v, for example "0.3.0"/,
    ],
    [{ replicas: 0 }, /^replicas: 0 is not allowed/],
    [{ namespace: "Kmcp" }, /^namespace: "Kmcp" is not allowed/],
    [
      { resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "a lot" } } },
      /^resources.limits.memory: "a lot" is not allowed; it must be a Kubernetes quantity/,
    ],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  it("serves metrics with TLS and sign-in, unless it is told to leave that to policies", async () => {
    const { find: usual } = await run();
    expect(usual(CHART, "kmcp-controller").inputs.values.controller).not.toHaveProperty("metrics");
    expect(usual(CHART, "kmcp-controller").transforms).toHaveLength(1);
    const { find } = await run({ plainMetrics: true });
    const { inputs, transforms } = find(CHART, "kmcp-controller");
    expect(inputs.values.controller.metrics).toEqual({ enabled: true, bindAddress: ":8080" });
    expect(find(CHART, "kmcp-crds").transforms).toEqual([]);
    const transform = transforms.at(-1);
    const containers = [{ name: "manager", args: ["--leader-elect"], image: "kmcp" }];
    const props = { spec: { replicas: 1, template: { metadata: {}, spec: { containers, volumes: [] } } } };
    const type = "kubernetes:apps/v1:Deployment";
    const changed = await transform?.({ custom: true, type, name: "kmcp", props, opts: {} });
    const args = ["--leader-elect", "--metrics-secure=false"];
    expect(changed?.props).toEqual({
      spec: {
        replicas: 1,
        template: {
          metadata: {},
          spec: { containers: [{ name: "manager", args, image: "kmcp" }], volumes: [] },
        },
      },
    });
    const other = { custom: true, type: "kubernetes:core/v1:Service", name: "kmcp", props, opts: {} };
    expect(await transform?.(other)).toBeUndefined();
  });

  it("waits for the controller and not for the Service of its metrics", async () => {
    const { find } = await run();
    const [transform] = find(CHART, "kmcp-controller").transforms;
    const rendered = (type: string, metadata: object) =>
      transform?.({ custom: true, type, name: "kmcp", props: { metadata }, opts: {} });
    const service = await rendered("kubernetes:core/v1:Service", { name: "m", annotations: { a: "b" } });
    const annotations = { a: "b", "pulumi.com/skipAwait": "true" };
    expect(service?.props).toEqual({ metadata: { name: "m", annotations } });
    expect(await rendered("kubernetes:apps/v1:Deployment", {})).toBeUndefined();
  });
});
