import { describe, expect, it } from "vitest";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, runWithMocks } from "../support/mocks.ts";

const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const CLUSTER = "azure-native:containerservice:ManagedCluster";

const run = (autoscaling: object) =>
  runWithMocks(
    () =>
      azureStack(
        parseSettings(
          {
            location: "eastus",
            cluster: { gpuPool: { enabled: false } },
            kaito: { mode: "off" },
            monitoring: { enabled: true },
            mcpServers: {
              echo: {
                transport: "http",
                image: "mcp/echo:0.1.0",
                runtime: "deployment",
                sessions: "portable",
                autoscaling,
              },
            },
          },
          "dev",
        ),
      ),
    azure,
  );

describe("a server of the stack that scales", () => {
  it("by its calls has KEDA, which asks the stack's own metrics as an identity of its own", async () => {
    const { find, resources } = await run({ maxReplicas: 3, requestsPerSecond: 5 });
    expect(find(CLUSTER).inputs.workloadAutoScalerProfile).toEqual({ keda: { enabled: true } });
    const scaled = find(SCALED);
    expect(needs(resources, scaled, find(CREDENTIAL, "keda-prometheus-credential"))).toBe(true);
    expect(scaled.inputs.spec.triggers).toMatchObject([
      {
        type: "prometheus",
        metadata: {
          query:
            'sum(rate(mcp_guard_calls_total{cluster="aks-mcpaas-dev",namespace="mcp",server="echo"}[2m]))',
        },
        authenticationRef: { name: "echo-prometheus" },
      },
    ]);
    expect(resources.filter(({ type }) => type === AUTOSCALER)).toEqual([]);
  });

  it.each([
    ["by CPU", { maxReplicas: 3 }, "Resource"],
    [
      "by calls that an adapter knows",
      { maxReplicas: 3, requestsPerSecond: 5, scaler: "custom-metrics" },
      "Pods",
    ],
  ])("%s needs no KEDA", async (_, autoscaling, type) => {
    const { find, resources } = await run(autoscaling);
    expect(find(CLUSTER).inputs.workloadAutoScalerProfile).toEqual({ keda: { enabled: false } });
    expect(find(AUTOSCALER, "echo-autoscaler").inputs.spec.metrics).toMatchObject([{ type }]);
    expect(resources.filter((each) => each.type === SCALED)).toEqual([]);
  });
});
