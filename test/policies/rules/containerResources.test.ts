import { describe, expect, it } from "vitest";
import { containerResources as rule } from "../../../policies/rules/containerResources.ts";
import { container, enough, mcpServer, workload, workloadKinds } from "../fixtures.ts";
import { findings, judge, unknownArray, unknownObject, unknownString } from "../judge.ts";

const bare = container({ resources: undefined });
const threeMissing = (label: string, path: string) => [
  `mandatory: ${label} requests no cpu (${path}.resources.requests.cpu is not set).`,
  `mandatory: ${label} requests no memory (${path}.resources.requests.memory is not set).`,
  `mandatory: ${label} has no limit on memory (${path}.resources.limits.memory is not set).`,
];

describe.each(workloadKinds)("container-resources in a %s", (kind) => {
  it("is silent when every container states what it needs", async () => {
    const pod = { initContainers: [container()], containers: [container(), container()] };
    expect(await judge(rule, ...workload(kind, pod))).toEqual([]);
  });

  it("names what a container lacks", async () => {
    const said = await findings(rule, ...workload(kind, { containers: [container(), bare] }));
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/container "app" requests no cpu \(.*containers\[1\]\.resources\.requests\.cpu/);
  });

  it("looks at init containers, those that stay as sidecars included", async () => {
    const initContainers = [container(), container({ restartPolicy: "Always", resources: undefined })];
    const said = await findings(rule, ...workload(kind, { initContainers, containers: [container()] }));
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/init container "app".*initContainers\[1\]/);
  });

  it("says so when the pod can't be seen", async () => {
    const [said, ...more] = await findings(rule, ...workload(kind, unknownObject));
    expect(said).toMatch(/^advisory: (spec|template)\S* is not known yet/);
    expect(more).toEqual([]);
  });
});

describe("container-resources", () => {
  const deployment = (resources: unknown) =>
    workload("Deployment", { containers: [container({ resources })] });
  const at = "spec.template.spec.containers[0].resources";

  it.each([
    ["cpu request", { ...enough, requests: { memory: "1Gi" } }, "requests no cpu"],
    ["memory request", { ...enough, requests: { cpu: 1 } }, "requests no memory"],
    ["memory limit", { ...enough, limits: { cpu: 1 } }, "has no limit on memory"],
    ["zero request", { ...enough, requests: { cpu: "0", memory: "1Gi" } }, "requests no cpu"],
    ["null limit", { ...enough, limits: { memory: null } }, "has no limit on memory"],
  ])("finds a missing %s", async (_what, resources, expected) => {
    const said = await findings(rule, ...deployment(resources));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(expected);
  });

  it("adds how to fix it", async () => {
    const [said] = await judge(rule, ...deployment({ ...enough, limits: {} }));
    expect(said?.split("\n")[1]).toContain("resources.limits.memory");
  });

  it("demands a CPU limit only when configured to", async () => {
    expect(await findings(rule, ...deployment(enough), { limits: ["memory", "cpu"] })).toEqual([
      `mandatory: container "app" has no limit on cpu (${at}.limits.cpu is not set).`,
    ]);
  });

  it("reports each value it can't see, and still judges the others", async () => {
    const said = await findings(
      rule,
      ...deployment({ requests: { cpu: unknownString, memory: unknownString } }),
    );
    expect(said).toHaveLength(3);
    expect(said[0]).toBe(
      `mandatory: container "app" has no limit on memory (${at}.limits.memory is not set).`,
    );
    expect(said[1]).toContain(`advisory: ${at}.requests.cpu is not known yet`);
    expect(said[2]).toContain(`advisory: ${at}.requests.memory is not known yet`);
  });

  it("takes what the pod states for all of its containers", async () => {
    const of = (resources: unknown, ...[kind, wrap]: [string?, ((spec: object) => object)?]) => {
      const spec = { resources, containers: [bare], initContainers: [bare] };
      const [type, props] = workload("Deployment", spec);
      return findings(rule, kind ?? type, (wrap?.(spec) ?? props) as Record<string, unknown>);
    };
    expect(await of(enough)).toEqual([]);
    expect(await of({ ...enough, limits: {} })).toHaveLength(2);
    expect(await of(unknownObject)).toEqual([
      expect.stringContaining("spec.template.spec.resources is not known yet"),
    ]);
    const rollout = (spec: object) => ({ spec: { template: { spec } } });
    expect(await of(enough, "kubernetes:argoproj.io/v1alpha1:Rollout", rollout)).toHaveLength(6);
    const sidecars = [container({ resources: undefined })];
    expect(await findings(rule, ...mcpServer({ image: "a:1", resources: enough, sidecars }))).toHaveLength(3);
  });

  it("reports hidden resources once", async () => {
    const [said, ...more] = await findings(rule, ...deployment(unknownObject));
    expect(said).toContain(`advisory: ${at} is not known yet`);
    expect(more).toEqual([]);
  });

  it("reports a hidden list of containers", async () => {
    const [said] = await findings(rule, ...workload("Deployment", { containers: unknownArray }));
    expect(said).toContain("advisory: spec.template.spec.containers is not known yet");
  });

  it("fails on what it can't see when configured to", async () => {
    const [said] = await findings(rule, ...deployment(unknownObject), { unknowns: "fail" });
    expect(said).toContain(`mandatory: ${at} is not known yet`);
  });

  it("leaves other resources and patches alone", async () => {
    for (const type of ["kubernetes:core/v1:ConfigMap", "kubernetes:apps/v1:DeploymentPatch"]) {
      expect(await judge(rule, type, workload("Deployment", { containers: [bare] })[1])).toEqual([]);
    }
  });
});

describe("container-resources in an MCPServer", () => {
  const server = { image: "registry.example/echo:1", resources: enough };

  it("is silent when server and sidecars state what they need", async () => {
    expect(await judge(rule, ...mcpServer({ ...server, sidecars: [container()] }))).toEqual([]);
  });

  it("looks at the server, which is the deployment itself", async () => {
    expect(await findings(rule, ...mcpServer({ image: "registry.example/echo:1" }))).toEqual(
      threeMissing("MCP server container", "spec.deployment"),
    );
  });

  it("looks at sidecars", async () => {
    const sidecars = [container({ name: "guard", resources: undefined })];
    expect(await findings(rule, ...mcpServer({ ...server, sidecars }))).toEqual(
      threeMissing('sidecar "guard"', "spec.deployment.sidecars[0]"),
    );
  });

  it("knows the init container that KMCP adds for stdio", async () => {
    expect(await findings(rule, ...mcpServer(server, "stdio"))).toEqual(
      threeMissing("gateway init container", "spec.deployment.initContainer"),
    );
    const initContainer = { resources: enough };
    expect(await judge(rule, ...mcpServer({ ...server, initContainer }, "stdio"))).toEqual([]);
  });

  it.each([
    ["spec.deployment", mcpServer(unknownObject)],
    ["spec.deployment.initContainer", mcpServer({ ...server, initContainer: unknownObject })],
    ["spec.deployment.sidecars", mcpServer({ ...server, sidecars: unknownArray })],
    ["spec.deployment.sidecars[0]", mcpServer({ ...server, sidecars: [unknownObject] })],
    ["spec.transportType", mcpServer(server, unknownString)],
  ])("reports that it can't see %s", async (path, [type, props]) => {
    const [said, ...more] = await findings(rule, type, props);
    expect(said).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
