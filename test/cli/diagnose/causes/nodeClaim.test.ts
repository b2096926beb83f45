import { describe, expect, test } from "vitest";
import { addonController, QUOTA, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene } from "../support/snapshots.ts";

describe("KAITO makes the node itself", () => {
  const instanceType = "Standard_NC24ads_A100_v4";
  const claim = (
    conditions: object[],
    labels: object = { "kaito.sh/workspace": "phi", "kaito.sh/workspacenamespace": "models" },
  ) => ({
    metadata: {
      name: "ws1a2b3c4d5",
      labels: labels as Record<string, string>,
      creationTimestamp: "2026-11-23T11:40:00Z",
    },
    status: { conditions },
  });
  const addon = (conditions: object[], labels?: object): Scene => ({
    objects: {
      deployments: [addonController()],
      nodes: [],
      workspaces: [
        workspace("phi", {
          instanceType,
          conditions: [
            {
              type: "NodeClaimReady",
              status: "False",
              reason: "NodeClaimNotReady",
              message: "Ready NodeClaims are not enough",
            },
          ],
        }),
      ],
      nodeclaims: [claim(conditions, labels)],
    },
  });

  test("and is refused for quota", () => {
    const launched = {
      type: "Launched",
      status: "False",
      reason: "LaunchFailed",
      message: `creating instance failed: ${QUOTA}`,
    };
    const subject = about("workspace/phi", addon([launched]));
    expect(causesOf(subject)).toEqual(["azure-quota"]);
    expect(evidenceOf("azure-quota", subject)).toContain("nodeclaim ws1a2b3c4d5 | condition Launched=False");
    expect(cause("azure-quota", subject).consequences).toMatchObject([{ cause: "nodeclaim-not-ready" }]);
  });

  test("and is refused for capacity; source: ErrorInstanceTypesUnavailable in pkg/utils/consts", () => {
    const launched = {
      type: "Launched",
      status: "False",
      message: "all requested instance types were unavailable during launch",
    };
    expect(causesOf(about("workspace/phi", addon([launched])))).toEqual(["azure-capacity"]);
  });

  test("and waits", () => {
    const subject = about(
      "workspace/phi",
      addon([{ type: "Initialized", status: "Unknown", message: "Node not registered with cluster" }]),
    );
    expect(causesOf(subject)).toEqual(["nodeclaim-not-ready"]);
    expect(cause("nodeclaim-not-ready", subject).summary).toContain("isn't there yet, after 20 min");
  });

  test("with Karpenter's labels", () => {
    const labels = {
      "karpenter.kaito.sh/workspace-name": "phi",
      "karpenter.kaito.sh/workspace-namespace": "models",
    };
    const subject = about(
      "workspace/phi",
      addon([{ type: "Initialized", status: "Unknown", message: "no" }], labels),
    );
    expect(causesOf(subject)).toEqual(["nodeclaim-not-ready"]);
  });

  test("and nobody makes it", () => {
    const subject = about("workspace/phi", addon([]));
    expect(cause("nodeclaim-not-ready", subject).summary).toContain("neither gpu-provisioner nor Karpenter");
  });
});
