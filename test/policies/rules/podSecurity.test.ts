import { describe, expect, it } from "vitest";
import { capabilities } from "../../../policies/rules/capabilities.ts";
import { hostNamespaces } from "../../../policies/rules/hostNamespaces.ts";
import { hostPaths } from "../../../policies/rules/hostPaths.ts";
import { hostPorts } from "../../../policies/rules/hostPorts.ts";
import { privilegedContainers } from "../../../policies/rules/privilegedContainers.ts";
import { privilegeEscalation } from "../../../policies/rules/privilegeEscalation.ts";
import { readOnlyRoot } from "../../../policies/rules/readOnlyRoot.ts";
import { runAsNonRoot } from "../../../policies/rules/runAsNonRoot.ts";
import { seccomp } from "../../../policies/rules/seccomp.ts";
import { closed, goodContainer, goodPod, mcpServer, workload, workloadKinds } from "../fixtures.ts";
import { findings, judge, unknownArray, unknownObject, unknownString } from "../judge.ts";

const security = { capabilities, privilegeEscalation, readOnlyRoot, runAsNonRoot, seccomp };
const everyRule = { ...security, hostNamespaces, hostPaths, hostPorts, privilegedContainers };
const open = goodContainer({ securityContext: undefined });

/** A pod of one container with this security context, and the pod's own. */
const pod = (container: object, own?: object) =>
  workload("Deployment", {
    ...goodPod({ containers: [goodContainer({ securityContext: container })] }),
    securityContext: own,
  });

describe.each(Object.values(security))("$name", (rule) => {
  it.each(workloadKinds)("looks at every container of a %s", async (kind) => {
    const of = (each: object) =>
      workload(kind, { containers: [each], initContainers: [each], ephemeralContainers: [each] });
    expect(await judge(rule, ...of(goodContainer()))).toEqual([]);
    const said = await findings(rule, ...of(open));
    expect(said.map((text) => /\(spec\S*?\.(\w+)\[0\]/.exec(text)?.[1] ?? text)).toEqual(
      kind === "PodTemplate"
        ? [expect.any(String), expect.any(String), expect.any(String)]
        : ["containers", "initContainers", "ephemeralContainers"],
    );
  });

  it("looks at an MCPServer, its sidecars and its gateway", async () => {
    const server = { image: "own.azurecr.io/echo:1", securityContext: closed };
    expect(await judge(rule, ...mcpServer(server, "stdio"))).toEqual([]);
    expect(await findings(rule, ...mcpServer({ ...server, sidecars: [open] }))).toEqual([
      expect.stringContaining("spec.deployment.sidecars[0].securityContext"),
    ]);
    expect(await findings(rule, ...mcpServer({ image: server.image }, "stdio"))).toEqual([
      expect.stringContaining("(spec.deployment.securityContext"),
      expect.stringContaining("(spec.deployment.initContainer.securityContext"),
    ]);
  });

  it.each([
    [
      "kaito.sh/v1beta1:Workspace",
      (template: object) => ({ inference: { template } }),
      "inference.template.spec",
    ],
    [
      "kaito.sh/v1alpha1:InferenceSet",
      (template: object) => ({ spec: { template: { inference: { template } } } }),
      "spec.template.inference.template.spec",
    ],
    ["argoproj.io/v1alpha1:Rollout", (template: object) => ({ spec: { template } }), "spec.template.spec"],
    ["jobs.example/v1:Batch", (template: object) => ({ spec: { list: [template] } }), "spec.list[0].spec"],
  ])("looks at the pods of a custom resource %s", async (type, wrap, path) => {
    const of = (each: object) => findings(rule, `kubernetes:${type}`, wrap({ spec: { containers: [each] } }));
    expect(await of(goodContainer())).toEqual([]);
    expect(await of(open)).toEqual([expect.stringContaining(`(${path}.containers[0].securityContext`)]);
  });

  it("asks of a patch no more than what it sets", async () => {
    const patch = (context: object | undefined) =>
      findings(rule, "kubernetes:apps/v1:DeploymentPatch", {
        spec: { template: { spec: { containers: [{ name: "app", securityContext: context }] } } },
      });
    expect(await patch(undefined)).toEqual([]);
    expect(await patch(closed)).toEqual([]);
    const opened = {
      runAsNonRoot: false,
      allowPrivilegeEscalation: true,
      readOnlyRootFilesystem: false,
      capabilities: { drop: [] },
      seccompProfile: { type: "Unconfined" },
    };
    expect(await patch(opened)).toHaveLength(1);
  });
});

describe("a patch of an MCPServer", () => {
  const patch = (deployment: object, transportType?: string) =>
    ["kubernetes:kagent.dev/v1alpha1:MCPServerPatch", { spec: { transportType, deployment } }] as const;

  it("is judged by what it sets", async () => {
    const opened = { runAsNonRoot: false, privileged: true, allowPrivilegeEscalation: true };
    const securityContext = { ...opened, capabilities: { drop: [] }, readOnlyRootFilesystem: false };
    for (const rule of [
      capabilities,
      privilegedContainers,
      privilegeEscalation,
      readOnlyRoot,
      runAsNonRoot,
    ]) {
      expect(await findings(rule, ...patch({ securityContext }, "stdio"))).toEqual([
        expect.stringContaining("MCP server container"),
      ]);
      expect(await judge(rule, ...patch({ replicas: 2 }, "stdio"))).toEqual([]);
      expect(await judge(rule, ...patch({ cmd: "npx" }))).toEqual([]);
    }
  });

  it("of a Workspace, too", async () => {
    const type = "kubernetes:kaito.sh/v1beta1:WorkspacePatch";
    const of = (context?: object) =>
      findings(runAsNonRoot, type, {
        inference: { template: { spec: { containers: [{ name: "app", securityContext: context }] } } },
      });
    expect(await of()).toEqual([]);
    expect(await of({ runAsNonRoot: false })).toHaveLength(1);
  });
});

describe("a custom resource whose pods have other forms", () => {
  const privileged = goodContainer({ securityContext: { ...closed, privileged: true } });
  const workflow = (spec: object) => ["kubernetes:argoproj.io/v1alpha1:Workflow", { spec }] as const;

  it.each([
    ["argoproj.io/v1alpha1:Workflow", { templates: [{ container: privileged }] }, "templates[0].container"],
    ["argoproj.io/v1alpha1:Workflow", { templates: [{ script: privileged }] }, "templates[0].script"],
    [
      "argoproj.io/v1alpha1:CronWorkflow",
      { workflowSpec: { templates: [{ container: goodContainer(), sidecars: [privileged] }] } },
      "workflowSpec.templates[0].sidecars[0]",
    ],
    ["example.com/v1:App", { initContainers: [privileged] }, "initContainers[0]"],
    [
      "sparkoperator.k8s.io/v1beta2:SparkApplication",
      { driver: { template: { spec: { containers: [privileged] } } } },
      "driver.template.spec.containers[0]",
    ],
  ])("%s %#", async (type, spec, path) => {
    expect(await findings(privilegedContainers, `kubernetes:${type}`, { spec })).toEqual([
      expect.stringContaining(`(spec.${path}.securityContext.privileged is true)`),
    ]);
  });

  it("has what its templates share from the workflow", async () => {
    const { runAsNonRoot: _, ...silent } = closed;
    const templates = [{ container: goodContainer({ securityContext: silent }) }];
    const securityContext = { runAsNonRoot: true };
    expect(await judge(runAsNonRoot, ...workflow({ templates, securityContext }))).toEqual([]);
    expect(await findings(runAsNonRoot, ...workflow({ templates }))).toHaveLength(1);
    expect(await findings(hostNamespaces, ...workflow({ templates, hostNetwork: true }))).toEqual([
      expect.stringContaining("(spec.hostNetwork is true)"),
    ]);
    const volumes = [{ name: "root", hostPath: { path: "/" } }];
    const own = [{ container: goodContainer(), volumes }];
    expect(await findings(hostPaths, ...workflow({ templates: own, volumes }))).toEqual([
      expect.stringContaining("(spec.templates[0].volumes[0].hostPath.path)"),
      expect.stringContaining("(spec.volumes[0].hostPath.path)"),
    ]);
  });

  it("isn't one that only calls something a container, nor a chart's values", async () => {
    const spec = { container: "logs", templates: [{ container: { name: "x" } }] };
    expect(await judge(runAsNonRoot, ...workflow(spec))).toEqual([]);
    const values = { containers: [privileged] };
    expect(await judge(privilegedContainers, "kubernetes:helm.sh/v4:Chart", { values })).toEqual([]);
  });

  it.each([
    ["kaito.sh/v1beta1:Workspace", "inference", { inference: unknownObject }],
    ["jobset.x-k8s.io/v1alpha2:JobSet", "spec.replicatedJobs", { spec: { replicatedJobs: unknownArray } }],
    [
      "jobset.x-k8s.io/v1alpha2:JobSet",
      "spec.replicatedJobs[0]",
      { spec: { replicatedJobs: [unknownObject] } },
    ],
    ["argoproj.io/v1alpha1:Workflow", "spec.templates[0]", { spec: { templates: [unknownObject] } }],
    [
      "argoproj.io/v1alpha1:Workflow",
      "spec.templates[0].container",
      { spec: { templates: [{ container: unknownObject }] } },
    ],
    ["example.com/v1:App", "spec.initContainers", { spec: { initContainers: unknownArray } }],
    [
      "kubeflow.org/v1:PyTorchJob",
      "spec.pytorchReplicaSpecs",
      { spec: { pytorchReplicaSpecs: unknownObject } },
    ],
  ])("%s is refused while %s can't be seen", async (type, path, props) => {
    expect(await findings(runAsNonRoot, `kubernetes:${type}`, props)).toEqual([
      expect.stringContaining(`mandatory: ${path} is not known yet`),
    ]);
  });
});

it("a security context that is none satisfies no rule", async () => {
  for (const rule of [capabilities, privilegeEscalation, runAsNonRoot]) {
    expect(await findings(rule, ...pod(true as never))).toHaveLength(1);
  }
});

it.each([[[]], [{ "exempt.mcpaas.dev/run-as-non-root": [] }]])(
  "annotations that are none exempt from nothing: %j",
  async (annotations) => {
    const [type, props] = pod({});
    expect(await findings(runAsNonRoot, type, { ...props, metadata: { name: "x", annotations } })).toEqual([
      expect.stringContaining("mandatory: container"),
    ]);
  },
);

it("a PersistentVolume is no folder of the node, for whatever program", async () => {
  const type = "kubernetes:core/v1:PersistentVolume";
  const of = (hostPath: unknown) => findings(hostPaths, type, { spec: { hostPath } });
  expect(await of({ path: "/" })).toEqual([
    "mandatory: The volume is the node's folder / (spec.hostPath.path).",
  ]);
  expect(await of(undefined)).toEqual([]);
  expect(await of({ path: unknownString })).toEqual([
    expect.stringContaining("spec.hostPath.path is not known yet"),
  ]);
  const patch = { spec: { template: { spec: { volumes: [{ name: "v", hostPath: { path: "/" } }] } } } };
  expect(await findings(hostPaths, "kubernetes:apps/v1:DeploymentPatch", patch)).toHaveLength(1);
});

describe.each(Object.values(everyRule))("$name, in a preview", (rule) => {
  const level = rule.enforcementLevel;
  it.each([
    ["the pod", "spec.template.spec", unknownObject],
    ["the containers", "spec.template.spec.containers", { containers: unknownArray }],
    ["a container", "spec.template.spec.containers[0]", { containers: [unknownObject] }],
  ])("refuses %s that it can't see", async (_, path, spec) => {
    const said = await findings(rule, ...workload("Deployment", spec));
    expect(said).toContainEqual(expect.stringContaining(`${level}: ${path} is not known yet`));
    expect(said).toHaveLength(1);
  });

  it("refuses a custom resource whose pod it can't see", async () => {
    const type = "kubernetes:argoproj.io/v1alpha1:Rollout";
    expect(await findings(rule, type, { spec: { template: unknownString } })).toEqual([
      expect.stringContaining(`${level}: spec.template is not known yet`),
    ]);
    expect(await findings(rule, type, { spec: { replicas: unknownString } })).toEqual([]);
  });

  it("is about what runs only", async () => {
    for (const type of ["kubernetes:core/v1:ConfigMap", "kubernetes:networking.k8s.io/v1:NetworkPolicy"]) {
      expect(await judge(rule, type, { data: { containers: "x" }, spec: unknownObject })).toEqual([]);
    }
  });
});

describe("what a pod says for its containers", () => {
  const { runAsNonRoot: _, seccompProfile: __, ...silent } = closed;

  it("holds where they are silent", async () => {
    const own = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
    expect(await judge(runAsNonRoot, ...pod(silent, own))).toEqual([]);
    expect(await judge(seccomp, ...pod(silent, own))).toEqual([]);
  });

  it("doesn't where they say otherwise", async () => {
    const own = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" }, runAsUser: 1000 };
    const root = { ...silent, runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: "Unconfined" } };
    expect(await findings(runAsNonRoot, ...pod(root, own))).toHaveLength(2);
    expect(await findings(seccomp, ...pod(root, own))).toEqual([
      expect.stringContaining("containers[0].securityContext.seccompProfile.type is Unconfined"),
    ]);
  });

  it("is named where it is at fault", async () => {
    expect(await findings(runAsNonRoot, ...pod(silent, { runAsNonRoot: true, runAsUser: 0 }))).toEqual([
      'mandatory: container "app" runs as root (spec.template.spec.securityContext.runAsUser is 0).',
    ]);
    const server = { securityContext: silent, podSecurityContext: { runAsNonRoot: false } };
    expect(await findings(runAsNonRoot, ...mcpServer({ ...server, image: "a:1" }))).toEqual([
      "mandatory: MCP server container may run as root (spec.deployment.podSecurityContext.runAsNonRoot is false).",
    ]);
  });

  it("can't be said of capabilities, of privileges and of the root's files", async () => {
    const own = {
      capabilities: { drop: ["ALL"] },
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    };
    for (const rule of [capabilities, privilegeEscalation, readOnlyRoot]) {
      expect(await judge(rule, ...pod({}, own))).toHaveLength(1);
    }
  });
});

describe("Windows", () => {
  it("has none of Linux' protections, and one way to be privileged", async () => {
    const spec = { os: { name: "windows" }, containers: [open] };
    for (const rule of [capabilities, privilegeEscalation, runAsNonRoot, seccomp]) {
      expect(await judge(rule, ...workload("Deployment", spec))).toEqual([]);
    }
    const custom = {
      ...closed,
      ...{ runAsNonRoot: false },
      capabilities: {},
      allowPrivilegeEscalation: true,
    };
    for (const rule of [capabilities, privilegeEscalation, runAsNonRoot]) {
      const server = { image: "a:1", os: spec.os, securityContext: custom };
      expect(await judge(rule, ...mcpServer(server))).toHaveLength(1);
      const template = { spec: { ...spec, containers: [goodContainer({ securityContext: custom })] } };
      const rollout = { spec: { template } };
      expect(await judge(rule, "kubernetes:argoproj.io/v1alpha1:Rollout", rollout)).toHaveLength(1);
    }
    const securityContext = { windowsOptions: { hostProcess: true } };
    expect(
      await findings(privilegedContainers, ...workload("Deployment", { ...spec, securityContext })),
    ).toEqual([
      'mandatory: container "app" is a HostProcess (spec.template.spec.securityContext.windowsOptions.hostProcess is true).',
    ]);
  });
});

describe("what programs of the node may do", () => {
  const agent = (image: unknown) =>
    workload("DaemonSet", {
      containers: [goodContainer({ image, securityContext: { privileged: true } })],
      volumes: [{ name: "root", hostPath: { path: "/" } }],
    });
  const rules = [capabilities, hostPaths, privilegedContainers, privilegeEscalation, runAsNonRoot];

  it("is theirs by their image", async () => {
    for (const rule of rules) {
      expect(await judge(rule, ...agent("nvcr.io/nvidia/k8s-device-plugin:v0.17.4"))).toEqual([]);
    }
  });

  it.each([
    "nvcr.io/nvidia/k8s-device-plugin-x:1",
    "example.com/nvcr.io/nvidia/k8s-device-plugin:1",
    unknownString,
  ])("isn't that of %s", async (image) => {
    for (const rule of rules) expect(await findings(rule, ...agent(image))).toHaveLength(1);
  });

  it("is the folder that it is for, by every container of the pod", async () => {
    const spec = (path: string, ...more: object[]) => ({
      containers: [goodContainer({ image: "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3" }), ...more],
      volumes: [{ name: "v", hostPath: { path } }],
    });
    const said = (...args: Parameters<typeof spec>) =>
      judge(hostPaths, ...workload("DaemonSet", spec(...args)));
    expect(await said("/var/lib/kubelet/pod-resources")).toEqual([]);
    expect(await said("/var/lib/kubelet/pod-resources/")).toEqual([]);
    expect(await said("/var/lib/kubelet")).toHaveLength(1);
    expect(await said("/var/lib/kubelet/pod-resources", goodContainer())).toHaveLength(1);
  });
});

describe("capabilities", () => {
  it.each([
    [{ drop: ["all"] }, 0],
    [{ drop: ["ALL"], add: ["CAP_NET_BIND_SERVICE"] }, 0],
    [{ drop: ["NET_RAW"], add: ["SYS_ADMIN"] }, 2],
    [{ drop: ["ALL", unknownString] }, 1],
    [{ drop: ["ALL"], add: unknownArray }, 1],
  ])("%j", async (wanted, count) => {
    expect(await findings(capabilities, ...pod({ capabilities: wanted }))).toHaveLength(count);
  });
});

describe("what a pod shares with its node", () => {
  const of = (spec: object) => workload("Deployment", goodPod({ ...spec }));
  const at = "spec.template.spec";

  it.each(["hostNetwork", "hostPID", "hostIPC"])("host-namespaces: %s", async (field) => {
    expect(await judge(hostNamespaces, ...of({ [field]: false }))).toEqual([]);
    expect(await findings(hostNamespaces, ...of({ [field]: true }))).toEqual([
      expect.stringMatching(`^mandatory: The pod shares its node's .*\\(${at}\\.${field} is true\\)`),
    ]);
    expect(await findings(hostNamespaces, ...of({ [field]: unknownString }))).toEqual([
      expect.stringContaining(`mandatory: ${at}.${field} is not known yet`),
    ]);
  });

  it.each([
    ["volumes", unknownArray, "volumes"],
    ["a volume", [unknownObject], "volumes[0]"],
    ["a hostPath", [{ name: "v", hostPath: unknownObject }], "volumes[0].hostPath"],
    ["a path", [{ name: "v", hostPath: { path: unknownString } }], "volumes[0].hostPath.path"],
  ])("host-paths refuses %s that it can't see", async (_, volumes, path) => {
    expect(await findings(hostPaths, ...of({ volumes }))).toEqual([
      expect.stringContaining(`mandatory: ${at}.${path} is not known yet`),
    ]);
  });

  it.each([
    ["ports", unknownArray, "ports"],
    ["a port", [unknownObject], "ports[0]"],
    ["a hostPort", [{ containerPort: 80, hostPort: unknownString }], "ports[0].hostPort"],
  ])("host-ports refuses %s that it can't see", async (_, ports, path) => {
    expect(await findings(hostPorts, ...of({ containers: [goodContainer({ ports })] }))).toEqual([
      expect.stringContaining(`mandatory: ${at}.containers[0].${path} is not known yet`),
    ]);
    expect(
      await judge(hostPorts, ...of({ containers: [goodContainer({ ports: [{ hostPort: 0 }] })] })),
    ).toEqual([]);
  });

  it.each([
    ["privileged", { privileged: unknownString }, 1],
    ["procMount", { procMount: unknownString }, 1],
    ["windowsOptions.hostProcess", { windowsOptions: { hostProcess: unknownString } }, 1],
    ["privileged", { privileged: true }, 1],
    ["procMount", { procMount: "Unmasked" }, 1],
    ["nothing", { privileged: false, procMount: "Default" }, 0],
  ])("privileged-containers: %s %j", async (path, context, count) => {
    const said = await findings(privilegedContainers, ...pod(context));
    expect(said).toHaveLength(count);
    for (const each of said) expect(each).toMatch(new RegExp(`^mandatory: .*securityContext\\.${path} is`));
  });
});

describe("a value that isn't known yet", () => {
  it.each([
    [capabilities, { capabilities: { drop: unknownArray } }, "capabilities.drop"],
    [privilegeEscalation, { allowPrivilegeEscalation: unknownString }, "allowPrivilegeEscalation"],
    [readOnlyRoot, { readOnlyRootFilesystem: unknownString }, "readOnlyRootFilesystem"],
    [runAsNonRoot, { runAsNonRoot: unknownString }, "runAsNonRoot"],
    [runAsNonRoot, { runAsUser: unknownString }, "runAsUser"],
    [seccomp, { seccompProfile: { type: unknownString } }, "seccompProfile.type"],
  ])("is refused by $name", async (rule, context, path) => {
    expect(await findings(rule, ...pod({ ...closed, ...context }))).toEqual([
      expect.stringContaining(`containers[0].securityContext.${path} is not known yet`),
    ]);
  });
});
