import { describe, expect, test } from "vitest";
import { modelPod, platform, workspace } from "../support/objects.ts";
import { about, causesOf, commandsOf, together } from "../support/snapshots.ts";

describe("thrown off the node", () => {
  test("for its disk; source: pkg/kubelet/eviction/helpers.go of Kubernetes 1.35", () => {
    const message =
      "The node was low on resource: ephemeral-storage. Threshold quantity: 12Gi, available: 1Gi.";
    const scene = together(platform, {
      objects: {
        workspaces: [workspace()],
        pods: [modelPod({ phase: "Failed", status: { reason: "Evicted", message } })],
      },
    });
    const subject = about("workspace/phi", scene);
    expect(causesOf(subject)).toEqual(["evicted"]);
    expect(commandsOf("evicted", subject)[0]).toContain("gpuPool.osDiskSizeGiB");
  });
});
