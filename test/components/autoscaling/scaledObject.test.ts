import { expect, it } from "vitest";
import { type KedaTrigger, scaledObject } from "../../../components/autoscaling/scaledObject.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";

const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const AUTHENTICATION = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication";
const calls: KedaTrigger = { query: "sum(rate(calls[2m]))", threshold: 5 };

const run = (triggers: KedaTrigger[], identityClientId?: string) =>
  runWithMocks(
    () =>
      scaledObject(
        "echo",
        {
          metadata: { name: "echo", namespace: "mcp" },
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "echo" },
          minReplicas: 1,
          maxReplicas: 4,
          triggers,
          prometheus: { serverAddress: "https://query.example.com", identityClientId },
          behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        },
        {},
      ),
    {},
  );

it("asks Azure Monitor as the identity that it is given", async () => {
  const { find, resources } = await run([{ cpuUtilization: 70 }, calls], "client");
  const { spec } = find(SCALED).inputs;
  expect(find(AUTHENTICATION).inputs).toMatchObject({
    metadata: { name: "echo-prometheus", namespace: "mcp" },
    spec: { podIdentity: { provider: "azure-workload", identityId: "client" } },
  });
  expect(needs(resources, find(SCALED), find(AUTHENTICATION))).toBe(true);
  expect(spec).toEqual({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "echo" },
    minReplicaCount: 1,
    maxReplicaCount: 4,
    pollingInterval: 30,
    // No name: that of a HorizontalPodAutoscaler of ours, which may take its place, must not be taken.
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 300 } } },
    },
    triggers: [
      { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
      {
        type: "prometheus",
        metricType: "AverageValue",
        metadata: {
          serverAddress: "https://query.example.com",
          query: "sum(rate(calls[2m]))",
          threshold: "5",
          ignoreNullValues: "false",
        },
        authenticationRef: { name: "echo-prometheus" },
      },
    ],
  });
});

it.each([
  ["without an identity", [calls], undefined],
  ["for CPU alone", [{ cpuUtilization: 70 }], "client"],
])("asks as nobody %s", async (_, triggers, client) => {
  const { find, resources } = await run(triggers as KedaTrigger[], client);
  expect(resources.filter(({ type }) => type === AUTHENTICATION)).toEqual([]);
  expect(JSON.stringify(find(SCALED).inputs)).not.toContain("authenticationRef");
});
