import { busy, rush } from "./day.ts";
import { at, count, over, type PanelSample } from "./series.ts";
import { MODEL, NODES } from "./world.ts";

const workspace = MODEL;
const ofModel = (curve: (hour: number) => number, unrest?: number): PanelSample => ({
  series: [over({ workspace }, curve, unrest)],
});
const gpu = { node: NODES.gpu[0] ?? "", gpu: "0" };
const ofGpu = (curve: (hour: number) => number, unrest?: number): PanelSample => ({
  series: [over(gpu, curve, unrest)],
});

export const modelsSample: Record<string, PanelSample> = {
  "requests-waiting": { series: [count({ workspace }, (hour) => 14 * rush(hour))] },
  "requests-running": { series: [count({ workspace }, (hour) => 0.4 + 15 * busy(hour) + 8 * rush(hour))] },
  tokens: {
    series: [
      over({ workspace, kind: "prompt" }, (hour) => 2900 * busy(hour) + 900 * rush(hour), 0.25),
      over({ workspace, kind: "answer" }, (hour) => 610 * busy(hour) + 150 * rush(hour), 0.2),
    ],
  },
  "first-token": {
    series: [
      over({ workspace, quantile: "p50" }, (hour) => 0.16 + 0.25 * busy(hour) + 1.4 * rush(hour)),
      over({ workspace, quantile: "p95" }, (hour) => 0.5 + 0.9 * busy(hour) + 5.2 * rush(hour)),
    ],
  },
  "request-latency": ofModel((hour) => 6 + 7 * busy(hour) + 13 * rush(hour)),
  "kv-cache": ofModel((hour) => Math.min(1, 0.03 + 0.55 * busy(hour) + 0.4 * rush(hour)), 0.05),
  "prefix-cache": ofModel((hour) => 0.34 + 0.22 * busy(hour)),
  "model-errors": ofModel((hour) => 0.0004 + 0.012 * rush(hour), 0.6),
  workspaces: {
    series: [
      at({ phase: "succeeded" }, 1),
      at({ phase: "pending" }, 0),
      at({ phase: "error" }, 0),
      at({ phase: "deleting" }, 0),
    ],
  },
  "gpu-use": ofGpu((hour) => Math.min(93, 2 + 74 * busy(hour) + 22 * rush(hour)), 0.07),
  "gpu-memory": ofGpu(() => 0.86, 0.002),
  "gpu-power": ofGpu((hour) => 62 + 175 * busy(hour) + 40 * rush(hour), 0.06),
  "gpu-temperature": ofGpu((hour) => 34 + 28 * busy(hour) + 5 * rush(hour), 0.02),
  "gpu-errors": { series: [] },
};
