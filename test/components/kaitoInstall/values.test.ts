import { describe, expect, it } from "vitest";
import {
  DEFAULT_CONTROLLER_RESOURCES,
  ragEngineValues,
  WEBHOOK_PORT,
  workspaceValues,
} from "../../../components/kaitoInstall/values.ts";

const common = {
  version: "0.11.0",
  images: {},
  imagePullSecrets: [],
  presetRegistry: "mcr.microsoft.com/aks/kaito",
  resources: DEFAULT_CONTROLLER_RESOURCES,
  nodeSelector: {},
};
const workspace = (args = {}) =>
  workspaceValues({
    ...common,
    devicePlugin: "kaito",
    gpuFeatureDiscovery: "kaito",
    nodeFeatureDiscovery: "kaito",
    spotNodes: false,
    ...args,
  });
const ragEngine = (args = {}) => ragEngineValues({ ...common, ...args });

describe.each([
  ["workspaceValues", workspace],
  ["ragEngineValues", ragEngine],
])("%s", (_, values) => {
  it("meets the restricted pod security standard", () => {
    expect(values()).toMatchObject({
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
  });

  it("runs one controller, because the charts let none lead", () => {
    expect(values().replicaCount).toBe(1);
  });

  it("states what the controller needs", () => {
    expect(values().resources).toEqual({
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "128Mi" },
    });
  });

  it("listens where the network policy lets the API server through", () => {
    expect(values().webhook).toEqual({ port: WEBHOOK_PORT });
  });

  it("passes on where it may run and how it is pulled", () => {
    expect(values({ nodeSelector: { a: "b" }, imagePullSecrets: ["s"] })).toMatchObject({
      nodeSelector: { a: "b" },
      imagePullSecrets: [{ name: "s" }],
    });
  });
});

describe("workspaceValues", () => {
  it("is for nodes that are there, which takes the gate and the provisioner both", () => {
    expect(workspace().featureGates.disableNodeAutoProvisioning).toBe(true);
    expect(workspace().nodeProvisioner).toBe("byo");
  });

  it("never has two controllers at work, not even in an update", () => {
    expect(workspace().deploymentStrategy).toEqual({ rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
  });

  it("serves InferenceSets with vLLM", () => {
    expect(workspace().featureGates).toMatchObject({ enableInferenceSetController: true, vLLM: true });
  });

  it("leaves out what nothing here uses: flux, the production stack, the driver for local disks", () => {
    expect(workspace()).toMatchObject({
      featureGates: { gatewayAPIInferenceExtension: false },
      productionstack: { enabled: false },
      localCSIDriver: { useLocalCSIDriver: false },
    });
  });

  it("pins the device plugin's image, also from a mirror", () => {
    expect(workspace().nvidiaDevicePlugin.image).toBe(
      "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1",
    );
    expect(workspace({ images: { devicePlugin: "m.example/plugin" } }).nvidiaDevicePlugin.image).toBe(
      "m.example/plugin:v0.18.2-1",
    );
  });

  it("brings one device plugin, or none", () => {
    expect(workspace().nvidiaDevicePlugin.enabled).toBe(true);
    expect(workspace({ devicePlugin: "none" }).nvidiaDevicePlugin).toEqual({ enabled: false });
  });

  it.each([true, false])("has the device plugin tolerate spot nodes: %s", (spotNodes) => {
    expect(workspace({ spotNodes }).spotInstance).toEqual({ enabled: spotNodes });
  });

  it("sets only values that the chart has", () => {
    expect(Object.keys(workspace()).sort()).toEqual([
      "cloudProviderName",
      "deploymentStrategy",
      "featureGates",
      "gpu-feature-discovery",
      "image",
      "imagePullSecrets",
      "localCSIDriver",
      "nodeProvisioner",
      "nodeSelector",
      "nvidiaDevicePlugin",
      "podSecurityContext",
      "presetRegistryName",
      "productionstack",
      "replicaCount",
      "resources",
      "securityContext",
      "spotInstance",
      "webhook",
    ]);
  });
});

describe("ragEngineValues", () => {
  it("runs the RAG service of the controller's own version, from the mirror if there is one", () => {
    expect(ragEngine({ version: "0.11.1", presetRegistry: "m.example/kaito" })).toMatchObject({
      image: { repository: "mcr.microsoft.com/aks/kaito/ragengine", tag: "0.11.1" },
      presetRagRegistryName: "m.example/kaito",
      presetRagImageName: "kaito-rag-service",
      presetRagImageTag: "0.11.1",
    });
  });

  it("sets only values that the chart has", () => {
    expect(Object.keys(ragEngine()).sort()).toEqual([
      "cloudProviderName",
      "image",
      "imagePullSecrets",
      "nodeSelector",
      "podSecurityContext",
      "presetRagImageName",
      "presetRagImageTag",
      "presetRagRegistryName",
      "replicaCount",
      "resources",
      "securityContext",
      "webhook",
    ]);
  });
});
