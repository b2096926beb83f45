import { describe, expect, it } from "vitest";
import { violations } from "../support/podSecurity.ts";
import type { Container, PodSpec } from "../support/stackPods.ts";

// What is expected stands in https://kubernetes.io/docs/concepts/security/pod-security-standards/

const GOOD = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
const pod = (own: Partial<Container> = {}, more: PodSpec = {}): PodSpec => ({
  containers: [{ name: "a", securityContext: GOOD, ...own }],
  ...more,
});
const context = (own: object) => pod({ securityContext: { ...GOOD, ...own } });

describe("the pod security standards", () => {
  it("have nothing against a pod that states all it must", () => {
    expect(violations(pod(), "restricted")).toEqual([]);
  });

  it("take the user and the seccomp profile from the pod", () => {
    const { runAsNonRoot, seccompProfile, ...own } = GOOD;
    const securityContext = { runAsNonRoot, seccompProfile };
    expect(violations(pod({ securityContext: own }, { securityContext }), "restricted")).toEqual([]);
  });

  it.each<[string, PodSpec, string]>([
    ["the node's network", pod({}, { hostNetwork: true }), "pod: hostNetwork"],
    ["the node's processes", pod({}, { hostPID: true }), "pod: hostPID"],
    ["the node's memory", pod({}, { hostIPC: true }), "pod: hostIPC"],
    ["the node's files", pod({}, { volumes: [{ name: "v", hostPath: {} }] }), "pod: volume v is a hostPath"],
    ["a kernel parameter", pod({}, { securityContext: { sysctls: [{ name: "x.y" }] } }), "pod: sysctl x.y"],
    ["a privileged container", context({ privileged: true }), "container a: privileged"],
    [
      "a capability",
      context({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }),
      "container a: capability SYS_ADMIN",
    ],
    ["a port of the node", pod({ ports: [{ containerPort: 1, hostPort: 1 }] }), "container a: hostPort 1"],
    ["an unmasked /proc", context({ procMount: "Unmasked" }), "container a: procMount"],
    ["a type of SELinux", context({ seLinuxOptions: { type: "spc_t" } }), "container a: SELinux type spc_t"],
    ["a user of SELinux", context({ seLinuxOptions: { user: "u" } }), "container a: SELinux user or role"],
    [
      "no seccomp",
      context({ seccompProfile: { type: "Unconfined" } }),
      "container a: seccompProfile Unconfined",
    ],
    [
      "no AppArmor",
      context({ appArmorProfile: { type: "Unconfined" } }),
      "container a: appArmorProfile Unconfined",
    ],
    [
      "a Windows host process",
      context({ windowsOptions: { hostProcess: true } }),
      "container a: hostProcess",
    ],
    [
      "a probe of another host",
      pod({ livenessProbe: { httpGet: { host: "10.0.0.1", port: 1 } } }),
      "container a: a probe or hook of a host of its own",
    ],
    [
      "an init container as well",
      { ...pod(), initContainers: [{ name: "i", securityContext: { privileged: true } }] },
      "container i: privileged",
    ],
  ])("baseline and restricted refuse %s", (_, spec, violation) => {
    expect(violations(spec, "baseline")).toContain(violation);
    expect(violations(spec, "restricted")).toContain(violation);
    expect(violations(spec, "privileged")).toEqual([]);
  });

  it.each<[string, PodSpec, string]>([
    ["other kinds of volumes", pod({}, { volumes: [{ name: "v", nfs: {} }] }), "pod: volume v is a nfs"],
    [
      "more privileges than at the start",
      context({ allowPrivilegeEscalation: undefined }),
      "container a: allowPrivilegeEscalation",
    ],
    ["capabilities", context({ capabilities: {} }), "container a: capabilities that aren't dropped"],
    [
      "one that baseline takes",
      context({ capabilities: { drop: ["ALL"], add: ["CHOWN"] } }),
      "container a: capability CHOWN is added",
    ],
    ["nothing said of root", context({ runAsNonRoot: undefined }), "container a: runAsNonRoot isn't true"],
    ["root", context({ runAsUser: 0 }), "container a: runAsUser 0"],
    ["root for the whole pod", pod({}, { securityContext: { runAsUser: 0 } }), "pod: runAsUser 0"],
    ["nothing said of seccomp", context({ seccompProfile: undefined }), "container a: no seccompProfile"],
  ])("restricted alone refuses %s", (_, spec, violation) => {
    expect(violations(spec, "restricted")).toEqual([violation]);
    expect(violations(spec, "baseline")).toEqual([]);
  });
});
