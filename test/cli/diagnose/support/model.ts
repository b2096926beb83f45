import { modelPod, platform, workspace } from "./objects.ts";
import { type Scene, together } from "./snapshots.ts";

/** The Workspace phi, whose pod runs these containers. */
export const runs = (containers: object[], more: object = {}): Scene =>
  together(platform, {
    objects: {
      workspaces: [workspace()],
      pods: [modelPod({ nodeName: "aks-gpu-0", phase: "Running", containers, ...more })],
    },
  });
/** The log of its last run. */
export const logged = (...lines: string[]): Scene => ({
  logs: [{ namespace: "models", pod: "phi-0", container: "phi", previous: true, lines }],
});
