import type { Section } from "../panel.ts";

export const gpus: Section = {
  id: "gpus",
  title: "GPUs",
  about: "Are the dearest nodes at work, and well?",
  needs: "gpu",
  panels: [
    {
      id: "gpu-use",
      title: "GPU in use",
      tells: "Share of the time in which a GPU computed. Under 10 % over hours is money for nothing.",
      kind: "lines",
      unit: "percent",
      width: 12,
      max: 100,
      runbook: "gpu",
      query: {
        promql: ({ cluster }) => `max by (node, gpu) (DCGM_FI_DEV_GPU_UTIL{${cluster}})`,
        legend: "{{node}} GPU {{gpu}}",
      },
    },
    {
      id: "gpu-memory",
      title: "GPU memory in use",
      tells: "vLLM takes its share (84 % by default) when it starts, whether there is work or not.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      query: {
        promql: ({ cluster }) =>
          `max by (node, gpu) (DCGM_FI_DEV_FB_USED{${cluster}} / ` +
          `(DCGM_FI_DEV_FB_USED{${cluster}} + DCGM_FI_DEV_FB_FREE{${cluster}}))`,
        legend: "{{node}} GPU {{gpu}}",
      },
    },
    {
      id: "gpu-power",
      title: "Power",
      tells: "Watts that a GPU draws: the truest sign of work.",
      kind: "lines",
      unit: "watts",
      width: 8,
      query: {
        promql: ({ cluster }) => `max by (node, gpu) (DCGM_FI_DEV_POWER_USAGE{${cluster}})`,
        legend: "{{node}} GPU {{gpu}}",
      },
    },
    {
      id: "gpu-temperature",
      title: "Temperature",
      tells: "Above 85 degrees a GPU slows itself down.",
      kind: "lines",
      unit: "celsius",
      width: 8,
      thresholds: { when: "above", steps: [{ value: 85, level: "warning" }] },
      query: {
        promql: ({ cluster }) => `max by (node, gpu) (DCGM_FI_DEV_GPU_TEMP{${cluster}})`,
        legend: "{{node}} GPU {{gpu}}",
      },
    },
    {
      id: "gpu-errors",
      title: "Driver errors",
      tells: "The last error code (XID) of a GPU's driver. Anything here: drain the node and replace it.",
      kind: "table",
      unit: "state",
      width: 8,
      runbook: "gpu",
      query: {
        promql: ({ cluster }) => `max by (node, gpu, err_code) (DCGM_FI_DEV_XID_ERRORS{${cluster}}) > 0`,
        legend: "{{node}} GPU {{gpu}} {{err_code}}",
      },
    },
  ],
};
