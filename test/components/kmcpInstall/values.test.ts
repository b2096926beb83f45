import { describe, expect, it } from "vitest";
import { DEFAULT_CONTROLLER_RESOURCES, kmcpValues } from "../../../components/kmcpInstall/values.ts";

const values = (args = {}) =>
  kmcpValues({
    namespace: "kmcp-system",
    version: "0.3.0",
    watchNamespaces: [],
    resources: DEFAULT_CONTROLLER_RESOURCES,
    replicas: 1,
    ...args,
  });

describe("kmcpValues", () => {
  it("meets the restricted pod security standard", () => {
    expect(values()).toMatchObject({
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
  });

  it("has requests for CPU and memory and a memory limit", () => {
    expect(values().resources).toEqual({
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "128Mi" },
    });
  });

  it.each([
    ["all", [], []],
    ["one, and its own, which the chart insists on", ["mcp"], ["kmcp-system", "mcp"]],
    ["none twice", ["mcp", "kmcp-system", "mcp"], ["kmcp-system", "mcp"]],
  ])("watches namespaces: %s", (_, watchNamespaces, expected) => {
    expect(values({ watchNamespaces }).rbac.namespaces).toEqual(expected);
  });

  it("sets the gateway's version only when asked to", () => {
    expect(values().controller.env).toEqual([]);
    expect(values({ transportAdapterVersion: "0.10.0" }).controller.env).toEqual([
      { name: "TRANSPORT_ADAPTER_VERSION", value: "0.10.0" },
    ]);
  });

  it("sets only values that the chart has", () => {
    const { image, controller, rbac, ...rest } = values({
      imageRepository: "r",
      imagePullSecrets: ["s"],
      nodeSelector: { a: "b" },
    });
    expect(Object.keys(image).sort()).toEqual(["repository", "tag"]);
    expect(Object.keys(controller).sort()).toEqual(["env", "leaderElection", "replicaCount"]);
    expect(Object.keys(rbac)).toEqual(["namespaces"]);
    expect(Object.keys(rest).sort()).toEqual([
      "imagePullSecrets",
      "nodeSelector",
      "podSecurityContext",
      "resources",
      "securityContext",
    ]);
  });
});
