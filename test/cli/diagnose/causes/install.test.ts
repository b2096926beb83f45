import { describe, expect, test } from "vitest";
import {
  ended,
  event,
  gpuNode,
  kaitoController,
  kmcpController,
  mcpServer,
  pod,
  waitingFor,
  workspace,
} from "../support/objects.ts";
import { about, causesOf, commandsOf, evidenceOf, report, together } from "../support/snapshots.ts";

const kmcpPod = (containers: object[]) =>
  pod("kmcp-1", "kmcp-system", { labels: { app: "kmcp-controller-manager" }, containers });
const nodes = { objects: { nodes: [gpuNode()] } };

describe("CRD missing", () => {
  const scene = { states: { mcpservers: { state: "absent" as const } } };

  test("explains why an object isn't there", () => {
    const subject = about("mcpserver/echo", scene);
    expect(causesOf(subject)).toEqual(["crd-missing"]);
    expect(subject.causes[0]?.consequences.map(({ cause }) => cause)).toContain("not-there");
    expect(commandsOf("crd-missing", subject)[0]).toBe("kubectl get crd mcpservers.kagent.dev");
  });

  test("shows in the controller that is there without it", () => {
    const subject = about(
      "component/kmcp",
      together(scene, { objects: { deployments: [kmcpController()] } }),
    );
    expect(subject).toMatchObject({ state: "not ready", line: "its CRDs are missing" });
    expect(causesOf(subject)).toEqual(["crd-missing"]);
  });

  test("isn't concluded from not being allowed to list", () => {
    const states = { mcpservers: { state: "forbidden" as const } };
    expect(causesOf(about("mcpserver/echo", { states }))).not.toContain("crd-missing");
  });

  test("a part that was never asked for isn't missed", () => {
    const platform = together(scene, { objects: { deployments: [kaitoController()], workspaces: [] } });
    expect(report(platform).subjects.map(({ name }) => name)).toEqual(["kaito"]);
  });

  test("a cluster with no part of the platform isn't ready", () => {
    const absent = { state: "absent" as const };
    const states = { workspaces: absent, inferencesets: absent, ragengines: absent, mcpservers: absent };
    expect(report({ states })).toMatchObject({
      ready: false,
      subjects: [{ name: "kaito" }, { name: "kmcp" }],
    });
  });
});

describe("controller", () => {
  test("is missing", () => {
    const subject = about("workspace/phi", together(nodes, { objects: { workspaces: [workspace()] } }));
    expect(causesOf(subject)[0]).toBe("controller-missing");
  });

  test("isn't called missing by who can't look everywhere", () => {
    const states = { deployments: { state: "partial" as const, namespaces: ["models"] } };
    const scene = together(nodes, { objects: { workspaces: [workspace()] }, states });
    expect(causesOf(about("workspace/phi", scene))).not.toContain("controller-missing");
  });

  test("is down, with what its container and its log say", () => {
    const broken = kmcpPod([ended("manager", 1)]);
    const scene = {
      objects: { deployments: [kmcpController({ ready: 0 })], pods: [broken], mcpservers: [mcpServer()] },
      logs: [
        {
          namespace: "kmcp-system",
          pod: "kmcp-1",
          container: "manager",
          previous: true,
          lines: ["starting", 'unable to start manager {"error": "forbidden"}'],
        },
      ],
    };
    const subject = about("mcpserver/echo", scene);
    expect(causesOf(subject)).toEqual(["controller-down"]);
    const evidence = evidenceOf("controller-down", subject);
    expect(evidence).toContain("status.readyReplicas | 0 of 1");
    expect(evidence).toContain("CrashLoopBackOff");
    expect(evidence).toContain("unable to start manager");
    expect(subject.causes[0]?.consequences.map(({ cause }) => cause)).toEqual(["not-reconciled"]);

    const component = about("component/kmcp", scene);
    expect(component.line).toBe("0 of 1 pod of kmcp-system/kmcp-controller-manager ready");
    expect(causesOf(component)).toEqual(["crash-loop"]);
  });

  test("is scaled to 0", () => {
    const scene = { objects: { deployments: [kmcpController({ replicas: 0 })], mcpservers: [mcpServer()] } };
    const subject = about("mcpserver/echo", scene);
    expect(subject.causes[0]?.summary).toBe("Nothing acts on it: the KMCP controller is scaled to 0.");
    expect(commandsOf("controller-down", subject)[0]).toContain(
      "scale deployment kmcp-controller-manager --replicas=1",
    );
  });

  test("has no pod because its namespace refuses it", () => {
    const deployment = kmcpController({ ready: 0 });
    const set = {
      metadata: {
        name: "kmcp-rs",
        namespace: "kmcp-system",
        ownerReferences: [
          { kind: "Deployment", name: deployment.metadata.name, uid: deployment.metadata.uid ?? "" },
        ],
      },
    };
    const refused = event(
      "ReplicaSet",
      set,
      "FailedCreate",
      'Error creating: pods "kmcp-1" is forbidden: exceeded quota: q',
    );
    const scene = {
      objects: {
        deployments: [deployment],
        replicasets: [set],
        events: [refused],
        mcpservers: [mcpServer()],
      },
    };
    expect(evidenceOf("controller-down", about("mcpserver/echo", scene))).toContain("exceeded quota");
  });

  test("is there twice", () => {
    const addon = kaitoController({
      labels: {},
      metadata: { namespace: "kube-system", name: "kaito-addon" },
    });
    const subject = about("component/kaito", { objects: { deployments: [kaitoController(), addon] } });
    expect(subject.state).toBe("ready");
    expect(subject.warnings.map(({ cause }) => cause)).toEqual(["two-controllers"]);
  });

  test("that waits for its image says so itself", () => {
    const held = kmcpPod([
      waitingFor("manager", "ImagePullBackOff", 'Back-off pulling image "x": not found'),
    ]);
    const scene = { objects: { deployments: [kmcpController({ ready: 0 })], pods: [held] } };
    expect(causesOf(about("component/kmcp", scene))).toEqual(["image-pull"]);
  });
});
