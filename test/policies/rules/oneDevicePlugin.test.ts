import { describe, expect, it } from "vitest";
import { oneDevicePlugin as rule } from "../../../policies/rules/oneDevicePlugin.ts";
import { gpuPoolProps, POOL } from "../azureFixtures.ts";
import { type Member, stackFindings, unknownArray, unknownObject } from "../judge.ts";

const SOCKETS = "/var/lib/kubelet/device-plugins";
const daemonSet = (name: string, image: string, volumes: unknown): Member => ({
  type: "kubernetes:apps/v1:DaemonSet",
  name,
  props: { metadata: { name }, spec: { template: { spec: { containers: [{ name, image }], volumes } } } },
});
const mounts = (path: string) => [{ name: "dir", hostPath: { path } }];
const kaitos = daemonSet("kaitos", "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v1", mounts(SOCKETS));
const nvidias = daemonSet("nvidias", "nvcr.io/nvidia/k8s-device-plugin:v1", mounts(`${SOCKETS}/`));
const operator = (devicePlugin: object): Member => ({
  type: "kubernetes:nvidia.com/v1:ClusterPolicy",
  name: "operator",
  props: { spec: { devicePlugin } },
});
const managed: Member = {
  type: POOL,
  name: "managed",
  props: gpuPoolProps("gpu", { gpuProfile: { nvidia: { managementMode: "Managed" } } }),
};

describe("one-device-plugin", () => {
  it.each([
    ["none", []],
    ["one", [kaitos]],
    ["an operator that brings none", [kaitos, operator({ enabled: false })]],
    ["another's", [kaitos, daemonSet("sriov", "mellanox/sriov:v1", mounts(SOCKETS))]],
    [
      "discovery, which has the plugin's image",
      [kaitos, daemonSet("gfd", "nvcr.io/nvidia/k8s-device-plugin:v1", mounts("/etc/kubernetes"))],
    ],
  ])("accepts %s", async (_, members) => {
    expect(await stackFindings(rule, members)).toEqual([]);
  });

  it.each([
    ["two DaemonSets", nvidias, "nvidias", "a DaemonSet that mounts"],
    ["the GPU operator's", operator({}), "operator", "ClusterPolicy brings it"],
    ["AKS's own", managed, "managed", "AKS manages the pool's GPUs"],
  ])("refuses %s", async (_, second, name, why) => {
    const texts = await stackFindings(rule, [kaitos, second]);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatch(new RegExp(`^mandatory kaitos: .* besides ${name}: `));
    expect(texts[1]).toMatch(new RegExp(`^mandatory ${name}: .* besides kaitos: `));
    expect(texts[1]).toContain(why);
  });

  it("refuses pods and volumes that it can't see", async () => {
    const hidden = { ...kaitos, props: { spec: { template: { spec: unknownObject } } } };
    expect(await stackFindings(rule, [hidden])).toEqual([
      expect.stringContaining("mandatory kaitos: spec.template.spec of kaitos"),
    ]);
    expect(await stackFindings(rule, [daemonSet("x", "a/nvidia:v1", unknownArray)])).toEqual([
      expect.stringContaining("mandatory x: spec.template.spec.volumes of x"),
    ]);
  });
});
