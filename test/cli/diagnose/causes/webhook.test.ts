import { describe, expect, test } from "vitest";
import { condition, gpuNode, kaitoController, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

// Source: charts/kaito/workspace/templates/webhooks.yaml of KAITO 0.11.0.
const configuration = (
  clientConfig: object = { service: { name: "workspace-svc", namespace: "kaito-workspace", port: 9443 } },
) => ({
  metadata: { name: "validation.workspace.kaito.sh" },
  webhooks: [{ name: "validation.workspace.kaito.sh", failurePolicy: "Fail", clientConfig }],
});
const slice = (ready: boolean | undefined) => ({
  metadata: {
    name: "workspace-svc-x",
    namespace: "kaito-workspace",
    labels: { "kubernetes.io/service-name": "workspace-svc" },
  },
  endpoints: [{ addresses: ["10.0.0.7"], conditions: ready === undefined ? {} : { ready } }],
});
const service = { metadata: { name: "workspace-svc", namespace: "kaito-workspace" } };
const scene = (objects: Scene["objects"]): Scene => ({
  objects: {
    deployments: [kaitoController()],
    nodes: [gpuNode()],
    validatingwebhookconfigurations: [configuration()],
    ...objects,
  },
});

describe("webhook", () => {
  test("without a ready endpoint makes KAITO not ready", () => {
    for (const endpointslices of [[], [slice(false)]]) {
      const subject = about("component/kaito", scene({ services: [service], endpointslices }));
      expect(subject).toMatchObject({ state: "not ready", line: "its webhook doesn't answer" });
      expect(causesOf(subject)).toEqual(["webhook-unavailable"]);
      expect(evidenceOf("webhook-unavailable", subject)).toContain("has no ready endpoint");
    }
  });

  test("without a Service", () => {
    expect(evidenceOf("webhook-unavailable", about("component/kaito", scene({})))).toContain("doesn't exist");
  });

  test("explains KAITO's own failing change of an object", () => {
    const error =
      'failed to update Workspace annotations: Internal error occurred: failed calling webhook "validation.workspace.kaito.sh"';
    const conditions = [
      condition(
        "WorkspaceSucceeded",
        "False",
        "workspacePending",
        `waiting (last reconcile error: ${error})`,
      ),
    ];
    const subject = about(
      "workspace/phi",
      scene({ services: [service], endpointslices: [], workspaces: [workspace("phi", { conditions })] }),
    );
    expect(causesOf(subject)).toEqual(["webhook-unavailable"]);
    expect(cause("webhook-unavailable", subject).consequences.map((each) => each.cause)).toEqual([
      "reconcile-error",
    ]);
  });

  test("is explained by a controller that is down", () => {
    const subject = about("workspace/phi", {
      ...scene({ services: [service], workspaces: [workspace("phi", { conditions: [] })] }),
      objects: {
        ...scene({}).objects,
        deployments: [kaitoController({ ready: 0 })],
        services: [service],
        workspaces: [workspace("phi", { conditions: [] })],
      },
    });
    expect(causesOf(subject)).toEqual(["controller-down"]);
  });

  test.each([
    ["with a ready endpoint", { services: [service], endpointslices: [slice(true)] }],
    [
      "whose endpoint doesn't say, which means ready",
      { services: [service], endpointslices: [slice(undefined)] },
    ],
    ["at a URL", { validatingwebhookconfigurations: [configuration({ url: "https://10.0.0.9:9443" })] }],
  ])("%s is all right", (_, objects) => {
    expect(about("component/kaito", scene(objects)).state).toBe("ready");
  });

  test("isn't judged by endpoints that can't be listed", () => {
    const hidden = together(scene({ services: [service] }), {
      states: { endpointslices: { state: "forbidden" } },
    });
    expect(about("component/kaito", hidden).state).toBe("ready");
  });
});
