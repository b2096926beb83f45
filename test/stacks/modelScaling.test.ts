import { describe, expect, it } from "vitest";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, type Registered, runWithMocks } from "../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const SET = "kubernetes:kaito.sh/v1beta1:InferenceSet";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const WAIT = "pulumi-nodejs:dynamic/mcpaas:KaitoGpuNodes";
const BASE = { location: "eastus", monitoring: { enabled: true } };
const PHI = { model: "phi-4-mini-instruct" };

const run = (settings: object) =>
  runWithMocks(() => azureStack(parseSettings({ ...BASE, ...settings }, "dev")), azure);
const ofType = (resources: readonly Registered[], type: string) =>
  resources.filter((resource) => resource.type === type);

describe("a model that scales", () => {
  const settings = {
    cluster: { gpuPool: { maxCount: 3 } },
    models: { phi: { ...PHI, autoscaling: { maxReplicas: 3, waitingRequests: 4 } } },
  };

  it("is an InferenceSet that KEDA scales by Azure Monitor's metrics, as an identity of its own", async () => {
    const { find, resources } = await run(settings);
    expect(find(CLUSTER).inputs.workloadAutoScalerProfile).toEqual({ keda: { enabled: true } });
    expect(find(SET, "phi").inputs.spec).not.toHaveProperty("replicas");
    const { spec } = find(SCALED).inputs;
    expect(spec).toMatchObject({
      scaleTargetRef: { kind: "InferenceSet", name: "phi" },
      minReplicaCount: 1,
      maxReplicaCount: 3,
    });
    expect(spec.triggers[0].metadata).toMatchObject({
      query: 'sum(vllm:num_requests_waiting{cluster="aks-mcpaas-dev",namespace="models",model_name="phi"})',
      threshold: "4",
    });
    expect(find(CREDENTIAL, "keda-prometheus-credential").inputs.subject).toBe(
      "system:serviceaccount:kube-system:keda-operator",
    );
    const authentication = find("kubernetes:keda.sh/v1alpha1:TriggerAuthentication");
    expect(needs(resources, authentication, find(CREDENTIAL, "keda-prometheus-credential"))).toBe(true);
  });

  it("scales by another's metrics without KEDA, and without an identity for it", async () => {
    const autoscaling = { maxReplicas: 2, scaler: "custom-metrics" };
    const { find, resources } = await run({ ...settings, models: { phi: { ...PHI, autoscaling } } });
    expect(find(CLUSTER).inputs.workloadAutoScalerProfile).toEqual({ keda: { enabled: false } });
    expect(find(HPA, "phi-autoscaler").inputs.spec.maxReplicas).toBe(2);
    expect(ofType(resources, SCALED)).toEqual([]);
    expect(ofType(resources, CREDENTIAL).map(({ name }) => name)).not.toContain("keda-prometheus-credential");
  });

  it("leaves it to KAITO's scaler when told so", async () => {
    const autoscaling = { maxReplicas: 2, scaler: "kaito-scaler" };
    const { find, resources } = await run({ ...settings, models: { phi: { ...PHI, autoscaling } } });
    expect(find(SET).inputs.metadata.annotations).toMatchObject({
      "scaledobject.kaito.sh/max-replicas": "2",
    });
    expect([...ofType(resources, SCALED), ...ofType(resources, HPA)]).toEqual([]);
  });
});

describe("KEDA", () => {
  it("is there when the settings say so, whether something uses it or not", async () => {
    const { find } = await run({ cluster: { keda: { enabled: true } } });
    expect(find(CLUSTER).inputs.workloadAutoScalerProfile).toEqual({ keda: { enabled: true } });
  });
});

describe("the autoscaler's profile", () => {
  it("is what the settings say", async () => {
    const { find } = await run({ cluster: { autoscaler: { scaleDownUnneededMinutes: 17 } } });
    expect(find(CLUSTER).inputs.autoScalerProfile.scaleDownUnneededTime).toBe("17m");
  });
});

describe("a spot pool with a fallback", () => {
  const gpuPool = { spot: true, minCount: 2, maxCount: 2, fallback: { maxCount: 2 } };
  const settings = { cluster: { gpuPool }, models: { phi: PHI } };

  it("has its nodes asked for by idle pods, which the wait for them comes after", async () => {
    const { find, resources } = await run(settings);
    const pools = ofType(resources, POOL).map(({ name }) => name);
    expect(pools.sort()).toEqual(["aks-gpu", "aks-gpufb", "aks-user"]);
    const idle = find(DEPLOYMENT, "kept-nodes-gpu");
    expect(idle.inputs).toMatchObject({
      metadata: { namespace: "models" },
      spec: {
        replicas: 2,
        template: { spec: { nodeSelector: { "mcpaas.dev/pool": "gpu" } } },
      },
    });
    const wait = find(WAIT, "gpu-nodes-gpu");
    expect(wait.inputs).toMatchObject({ minCount: 2, timeoutMinutes: 60 });
    expect(needs(resources, wait, idle)).toBe(true);
  });

  it("isn't asked for a node as long as no model is there", async () => {
    const { resources } = await run({ cluster: { gpuPool } });
    expect(ofType(resources, DEPLOYMENT).map(({ name }) => name)).not.toContain("kept-nodes-gpu");
  });

  it("needs no idle pods without one: the pool keeps its nodes itself", async () => {
    const { find, resources } = await run({ ...settings, cluster: { gpuPool: { spot: true } } });
    expect(ofType(resources, DEPLOYMENT).map(({ name }) => name)).not.toContain("kept-nodes-gpu");
    expect(find(WAIT).inputs.timeoutMinutes).toBe(30);
  });
});
