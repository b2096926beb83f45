import { expect, it } from "vitest";
import { monitoringProfile } from "../../../components/aksWithGpuPool/monitoring.ts";

it("leaves alone what nobody spoke of", () => {
  expect(monitoringProfile(undefined)).toEqual({});
});

it("switches off what isn't asked for, because AKS keeps what it isn't told of", () => {
  expect(monitoringProfile({})).toEqual({
    addonProfiles: { omsagent: { enabled: false } },
    azureMonitorProfile: { metrics: { enabled: false } },
  });
});

it("switches on each agent by itself", () => {
  expect(monitoringProfile({ logAnalyticsWorkspaceId: "/logs" })).toEqual({
    addonProfiles: {
      omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: "/logs", useAADAuth: "true" } },
    },
    azureMonitorProfile: { metrics: { enabled: false } },
  });
  expect(monitoringProfile({ metrics: true, nodeLabels: ["a", "b.c/d"] })).toEqual({
    addonProfiles: { omsagent: { enabled: false } },
    azureMonitorProfile: {
      metrics: {
        enabled: true,
        kubeStateMetrics: { metricAnnotationsAllowList: "", metricLabelsAllowlist: "nodes=[a,b.c/d]" },
      },
    },
  });
});
