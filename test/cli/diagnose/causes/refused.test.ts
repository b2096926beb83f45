import { describe, expect, test } from "vitest";
import {
  condition,
  event,
  kmcpController,
  mcpServer,
  platform,
  workload,
  workspace,
} from "../support/objects.ts";
import {
  about,
  ago,
  cause,
  causesOf,
  evidenceOf,
  type Scene,
  type Served,
  together,
} from "../support/snapshots.ts";

const set = workload("phi", "models", { replicas: 1, ready: 0 });
/** The StatefulSet controller says so: "create Pod phi-0 in StatefulSet phi failed error: …". */
const refused = (message: string, more: Scene = {}): Scene =>
  together(
    platform,
    {
      objects: {
        workspaces: [workspace()],
        statefulsets: [set],
        events: [
          event(
            "StatefulSet",
            set,
            "FailedCreate",
            `create Pod phi-0 in StatefulSet phi failed error: ${message}`,
          ),
        ],
      },
    },
    more,
  );

test("pod security admission; source: pod-security-admission/admission/admission.go of Kubernetes 1.35", () => {
  const subject = about(
    "workspace/phi",
    refused(
      'pods "phi-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "phi" must set securityContext.allowPrivilegeEscalation=false)',
    ),
  );
  expect(causesOf(subject)).toEqual(["pod-security"]);
  expect(cause("pod-security", subject).summary).toBe(
    'The namespace models refuses its pods: they don\'t meet the pod security standard "restricted".',
  );
  expect(evidenceOf("pod-security", subject)).toContain("allowPrivilegeEscalation != false");
});

test("what refused them before isn't what refuses them now", () => {
  const before = {
    ...event(
      "StatefulSet",
      set,
      "FailedCreate",
      'pods "phi-0" is forbidden: violates PodSecurity "restricted:latest"',
    ),
    metadata: { name: "phi.before", namespace: "models" },
    lastTimestamp: ago(9),
  };
  const quota =
    'pods "phi-0" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=1, limited: pods=1';
  expect(causesOf(about("workspace/phi", refused(quota, { objects: { events: [before] } })))).toEqual([
    "namespace-quota",
  ]);
});

test("Azure Policy", () => {
  const message =
    'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-k8sazurev3containerlimits-74d2] container <phi> has no resource limits';
  const subject = about("workspace/phi", refused(message));
  expect(causesOf(subject)).toEqual(["policy-denied"]);
  expect(cause("policy-denied", subject).summary).toContain("Azure Policy (Gatekeeper)");
});

describe("the namespace's quota", () => {
  test("has no room, with what is used", () => {
    const quota = {
      metadata: { name: "quota", namespace: "models" },
      status: { hard: { pods: "5", "requests.memory": "16Gi" }, used: { pods: "5" } },
    };
    const message =
      'pods "phi-0" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=5, limited: pods=5';
    const subject = about("workspace/phi", refused(message, { objects: { resourcequotas: [quota] } }));
    expect(causesOf(subject)).toEqual(["namespace-quota"]);
    expect(evidenceOf("namespace-quota", subject)).toContain("pods 5 of 5, requests.memory 0 of 16Gi");
  });

  test("demands what pods don't say", () => {
    const message = 'pods "phi-0" is forbidden: failed quota: quota: must specify limits.memory for: phi';
    expect(cause("namespace-quota", about("workspace/phi", refused(message))).summary).toContain(
      "demands limits.memory",
    );
  });
});

test("another refusal is told as it is", () => {
  const subject = about(
    "workspace/phi",
    refused(
      'pods "phi-0" is forbidden: error looking up service account models/phi: serviceaccount "phi" not found',
    ),
  );
  expect(causesOf(subject)).toEqual(["pods-refused"]);
  expect(evidenceOf("pods-refused", subject)).toContain('serviceaccount "phi" not found');
});

test("an event from before the pods were there says nothing", () => {
  const pod: Served = {
    metadata: { name: "phi-0", namespace: "models", labels: { "kaito.sh/workspace": "phi" } },
  };
  const subject = about(
    "workspace/phi",
    refused("exceeded quota: quota, requested: pods=1", { objects: { pods: [pod] } }),
  );
  expect(causesOf(subject)).toEqual(["unexplained"]);
});

describe("a new version that is refused", () => {
  const deployment = workload("echo", "mcp", { replicas: 1, ready: 1, updated: 0 });
  const fresh: Served = {
    metadata: {
      name: "echo-2",
      namespace: "mcp",
      ownerReferences: [{ kind: "Deployment", name: "echo", uid: "uid-echo" }],
    },
  };
  const old: Served = { metadata: { name: "echo-1-x", namespace: "mcp", labels: { app: "echo" } } };

  test("shows though KMCP calls the old one ready", () => {
    const scene: Scene = {
      objects: {
        deployments: [kmcpController(), deployment],
        mcpservers: [
          mcpServer("echo", [
            condition("Ready", "True", "Available", "Deployment is ready and all pods are running"),
          ]),
        ],
        replicasets: [fresh],
        pods: [old],
        events: [
          event(
            "ReplicaSet",
            fresh,
            "FailedCreate",
            'Error creating: pods "echo-2-a" is forbidden: exceeded quota: quota, requested: pods=1',
          ),
        ],
      },
    };
    const subject = about("mcpserver/echo", scene);
    expect(subject).toMatchObject({
      state: "not ready",
      line: "0 of 1 pod updated; those from before the last change answer",
    });
    expect(causesOf(subject)).toEqual(["namespace-quota"]);
    expect(cause("namespace-quota", subject).consequences.map((each) => each.cause)).toContain("old-pods");
  });
});

test("KMCP that couldn't make its objects says so in a condition; source: reconcileStatus of KMCP 0.3.0", () => {
  const message =
    'admission webhook "validation.gatekeeper.sh" denied the request: [no-root] container must not run as root';
  const conditions = [
    condition("Accepted", "True", "Accepted", "MCPServer configuration is valid"),
    condition("Programmed", "False", "DeploymentFailed", message),
    condition("Ready", "False", "PodsNotReady", "Resources failed to be created"),
  ];
  const scene: Scene = {
    objects: { deployments: [kmcpController()], mcpservers: [mcpServer("echo", conditions)] },
  };
  const subject = about("mcpserver/echo", scene);
  expect(causesOf(subject)).toEqual(["policy-denied"]);
  expect(evidenceOf("policy-denied", subject)).toContain("condition Programmed");
});
