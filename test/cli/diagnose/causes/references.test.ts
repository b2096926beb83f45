import { expect, test } from "vitest";
import {
  condition,
  event,
  kmcpController,
  mcpServer,
  platform,
  pod,
  tuning,
  waitingFor,
  workload,
} from "../support/objects.ts";
import { about, cause, causesOf, commandsOf, type Scene, together } from "../support/snapshots.ts";

const server = (
  containers: object[],
  events: (waits: ReturnType<typeof pod>) => ReturnType<typeof event>[] = () => [],
): Scene => {
  const waits = pod("echo-1", "mcp", { labels: { app: "echo" }, nodeName: "aks-user-0", containers });
  return {
    objects: {
      deployments: [kmcpController(), workload("echo", "mcp", { ready: 0 })],
      mcpservers: [
        mcpServer("echo", [
          condition("Ready", "False", "NotAvailable", "Deployment not ready: 0/1 replicas available"),
        ]),
      ],
      pods: [waits],
      events: events(waits),
    },
  };
};

// Source: makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go of Kubernetes 1.35.
test.each([
  [
    'secret "api-key" not found',
    "The Secret api-key that it uses doesn't exist in mcp.",
    "kubectl -n mcp get secrets",
  ],
  [
    "couldn't find key TOKEN in Secret mcp/api-key",
    "The Secret api-key has no key TOKEN.",
    "kubectl -n mcp describe secret api-key",
  ],
  [
    'configmap "settings" not found',
    "The ConfigMap settings that it uses doesn't exist in mcp.",
    "kubectl -n mcp get configmaps",
  ],
])("a container that waits for it: %s", (message, summary, command) => {
  const subject = about(
    "mcpserver/echo",
    server([waitingFor("mcp-server", "CreateContainerConfigError", message)]),
  );
  expect(causesOf(subject)).toEqual(["reference-missing"]);
  expect(cause("reference-missing", subject).summary).toBe(summary);
  expect(commandsOf("reference-missing", subject)[0]).toBe(command);
});

test("a volume that waits for it", () => {
  const message = 'MountVolume.SetUp failed for volume "config-volume" : configmap "phi-config" not found';
  const scene = server([waitingFor("mcp-server", "ContainerCreating")], (waits) => [
    event("Pod", waits, "FailedMount", message),
  ]);
  expect(cause("reference-missing", about("mcpserver/echo", scene)).summary).toContain(
    "The ConfigMap phi-config",
  );
});

test("an event from before a pod that runs now says nothing", () => {
  const message = 'MountVolume.SetUp failed for volume "config-volume" : configmap "phi-config" not found';
  const scene = server([{ name: "mcp-server", ready: false, state: { running: {} } }], (waits) => [
    event("Pod", waits, "FailedMount", message),
  ]);
  const [runs] = scene.objects?.pods ?? [];
  (runs as unknown as { status: { phase: string } }).status.phase = "Running";
  expect(causesOf(about("mcpserver/echo", scene))).not.toContain("reference-missing");
});

test("KAITO itself misses it; source: EnsureConfigOrCopyFromDefault in pkg/utils/resources of KAITO 0.11.0", () => {
  const error =
    "failed to generate pod spec: user specified ConfigMap qlora-dolly not found in namespace models";
  const object = tuning("tune", {
    conditions: [
      condition(
        "WorkspaceSucceeded",
        "False",
        "workspacePending",
        `workspace is initializing (last reconcile error: ${error})`,
      ),
    ],
  });
  const subject = about("tuning/tune", together(platform, { objects: { workspaces: [object] } }));
  expect(causesOf(subject)).toEqual(["reference-missing"]);
  expect(cause("reference-missing", subject).summary).toContain("The ConfigMap qlora-dolly");
});
