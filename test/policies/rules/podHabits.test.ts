import { describe, expect, it } from "vitest";
import { parseImage } from "../../../policies/lib/image.ts";
import { parseQuantity } from "../../../policies/lib/quantity.ts";
import { allowedRegistries } from "../../../policies/rules/allowedRegistries.ts";
import { cpuLimit } from "../../../policies/rules/cpuLimit.ts";
import { ephemeralStorage } from "../../../policies/rules/ephemeralStorage.ts";
import { limitRatio } from "../../../policies/rules/limitRatio.ts";
import { probes } from "../../../policies/rules/probes.ts";
import { closed, goodContainer, goodPod, mcpServer, workload } from "../fixtures.ts";
import { findings, judge, unknownArray, unknownObject, unknownString } from "../judge.ts";

const of = (changes: Record<string, unknown>, kind = "Deployment") =>
  workload(kind, goodPod({ containers: [goodContainer(changes)] }));
const resources = (limits: object, requests: object = { cpu: "100m", memory: "128Mi" }) =>
  of({ resources: { requests, limits } });

describe("allowed-registries", () => {
  it.each([
    "team.azurecr.io/a/b:1",
    "mcr.microsoft.com/app@sha256:0",
    "ghcr.io/kagent-dev/kmcp/controller:1",
  ])("accepts %s", async (image) => {
    expect(await judge(allowedRegistries, ...of({ image }))).toEqual([]);
  });

  it.each([
    "nginx:1.29",
    "library/nginx:1.29",
    "ghcr.io/kagent-development/x:1",
    "evil.example/x.azurecr.io/a:1",
    "mcr.microsoft.com:5000/app:1",
    "a.b.azurecr.io.example/app:1",
    "localhost:5000/app:1",
  ])("refuses %s", async (image) => {
    expect(await findings(allowedRegistries, ...of({ image }))).toEqual([
      `mandatory: container "app" runs ${image}, which is in none of the allowed registries (spec.template.spec.containers[0].image).`,
    ]);
  });

  it("is told of others", async () => {
    expect(
      await judge(allowedRegistries, ...of({ image: "nginx:1" }), { also: ["docker.io/library/"] }),
    ).toEqual([]);
    expect(await judge(allowedRegistries, ...of({}), { registries: ["registry.example"] })).toHaveLength(1);
    expect(
      await judge(allowedRegistries, ...of({ image: "localhost/a:1" }), { also: ["localhost"] }),
    ).toEqual([]);
  });

  it("leaves a missing image to image-tags, and reports one that isn't known yet", async () => {
    expect(await judge(allowedRegistries, ...of({ image: undefined }))).toEqual([]);
    expect(await findings(allowedRegistries, ...of({ image: unknownString }))).toEqual([
      expect.stringContaining("advisory: spec.template.spec.containers[0].image is not known yet"),
    ]);
    expect(await findings(allowedRegistries, ...mcpServer({ cmd: "npx" }))).toHaveLength(1);
  });
});

it.each([
  ["node", "docker.io/library/node", undefined],
  ["team/app:1", "docker.io/team/app", "1"],
  ["host:5000/app", "host:5000/app", undefined],
  ["host:5000/app:1@sha256:0", "host:5000/app", "1"],
  ["localhost/app", "localhost/app", undefined],
])("an image's name: %s", (image, repository, tag) => {
  expect(parseImage(image)).toMatchObject({ repository, tag });
});

it.each([
  ["100m", 0.1],
  ["1.5", 1.5],
  [2, 2],
  ["1Ki", 1024],
  ["1e3", 1000],
  ["2M", 2e6],
  ["x", undefined],
  ["1Xi", undefined],
])("a quantity: %s", (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});

describe("cpu-limit", () => {
  const without = resources({ memory: "256Mi" });
  it.each([
    ["required", [0, 1]],
    ["forbidden", [1, 0]],
    ["either", [0, 0]],
  ])("can be %s", async (want, counts) => {
    const said = [await judge(cpuLimit, ...of({}), { want }), await judge(cpuLimit, ...without, { want })];
    expect(said.map(({ length }) => length)).toEqual(counts);
    for (const each of said.flat())
      expect(each).toMatch(/^advisory: container "app" has (no|a) limit on cpu/);
  });

  it("reports one that isn't known yet", async () => {
    expect(await findings(cpuLimit, ...resources({ cpu: unknownString }))).toEqual([
      expect.stringContaining("limits.cpu is not known yet"),
    ]);
  });
});

describe("limit-ratio", () => {
  it.each([
    [{ memory: "512Mi", cpu: "2" }, 0],
    [{ memory: "513Mi" }, 1],
    [{ cpu: "2001m" }, 1],
    [{ memory: unknownString }, 1],
    [{}, 0],
  ])("of %j", async (limits, count) => {
    expect(await findings(limitRatio, ...resources(limits))).toHaveLength(count);
  });

  it("counts nothing where nothing is requested, or configured", async () => {
    expect(await judge(limitRatio, ...resources({ memory: "64Gi" }, {}))).toEqual([]);
    expect(await judge(limitRatio, ...resources({ memory: "64Gi" }), { most: { cpu: 2 } })).toEqual([]);
  });
});

describe("ephemeral-storage", () => {
  const volumes = [{ name: "cache", emptyDir: {} }];
  const limited = { requests: {}, limits: { "ephemeral-storage": "1Gi" } };

  it("wants a limit on each emptyDir, or on each container", async () => {
    expect(await findings(ephemeralStorage, ...workload("Deployment", goodPod({ volumes })))).toEqual([
      'advisory: The emptyDir "cache" has no sizeLimit (spec.template.spec.volumes[0].emptyDir).',
    ]);
    const containers = [goodContainer({ resources: limited })];
    expect(await judge(ephemeralStorage, ...workload("Deployment", { volumes, containers }))).toEqual([]);
  });

  it("wants a limit on a container that can write", async () => {
    const securityContext = { ...closed, readOnlyRootFilesystem: false };
    expect(await findings(ephemeralStorage, ...of({ securityContext }))).toHaveLength(1);
    expect(await judge(ephemeralStorage, ...of({ securityContext, resources: limited }))).toEqual([]);
  });

  it.each([
    ["volumes", { volumes: unknownArray }],
    ["volumes[0]", { volumes: [unknownObject] }],
    [
      "containers[0].securityContext.readOnlyRootFilesystem",
      { containers: [goodContainer({ securityContext: { readOnlyRootFilesystem: unknownString } })] },
    ],
  ])("reports %s that it can't see", async (path, pod) => {
    expect(await findings(ephemeralStorage, ...workload("Deployment", goodPod(pod)))).toEqual([
      expect.stringContaining(`spec.template.spec.${path} is not known yet`),
    ]);
  });
});

describe("probes", () => {
  const bare = { readinessProbe: undefined };
  const probe = { httpGet: { path: "/", port: 80 } };

  it.each(["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])("are for a %s", async (kind) => {
    expect(await judge(probes, ...of({}, kind))).toEqual([]);
    expect(await findings(probes, ...of(bare, kind))).toHaveLength(1);
  });

  it.each(["Job", "CronJob"])("aren't for a %s", async (kind) => {
    expect(await judge(probes, ...of(bare, kind))).toEqual([]);
  });

  it("are wanted once where no container declares ports", async () => {
    const quiet = goodContainer({ ports: undefined, ...bare });
    const pod = (...containers: object[]) => findings(probes, ...workload("Deployment", { containers }));
    expect(await pod(quiet, quiet)).toEqual([
      "advisory: No container of the pod has a readiness probe (spec.template.spec).",
    ]);
    expect(await pod(quiet, { ...quiet, readinessProbe: probe })).toEqual([]);
  });

  it("aren't wanted of init containers, but of those that stay", async () => {
    const init = goodContainer(bare);
    const pod = (initContainer: object) =>
      judge(probes, ...workload("Deployment", goodPod({ initContainers: [initContainer] })));
    expect(await pod(init)).toEqual([]);
    expect(await pod({ ...init, restartPolicy: "Always" })).toHaveLength(1);
  });

  it("can be others", async () => {
    const config = { probes: ["liveness", "startup"] };
    expect(await findings(probes, ...of({}), config)).toHaveLength(2);
  });

  it("must differ", async () => {
    expect(await findings(probes, ...of({ readinessProbe: probe, livenessProbe: probe }))).toEqual([
      'advisory: container "app" asks the same for liveness as for readiness (spec.template.spec.containers[0].livenessProbe).',
    ]);
    const patient = { ...probe, failureThreshold: 9 };
    expect(await judge(probes, ...of({ readinessProbe: probe, livenessProbe: patient }))).toEqual([]);
  });

  it("of an MCPServer are its sidecar's, as KMCP sets none", async () => {
    const server = { image: "own.azurecr.io/echo:1" };
    expect(await judge(probes, ...mcpServer(server))).toHaveLength(1);
    expect(await judge(probes, ...mcpServer({ ...server, sidecars: [goodContainer()] }))).toEqual([]);
  });
});
