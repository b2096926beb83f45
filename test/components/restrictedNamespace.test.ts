import { describe, expect, it } from "vitest";
import {
  type PodSecurityExemption,
  RestrictedNamespace,
  type RestrictedNamespaceArgs,
} from "../../components/restrictedNamespace.ts";
import { runWithMocks } from "../support/mocks.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const run = (args: RestrictedNamespaceArgs = {}, options = {}) =>
  runWithMocks(() => new RestrictedNamespace("mcp", args), {}, options);

describe.each([{ preview: false }, { preview: true }])(
  "RestrictedNamespace, preview: $preview",
  (options) => {
    it("enforces the restricted standard", async () => {
      const { find } = await run({ labels: { team: "a" } }, options);
      expect(find(NAMESPACE).inputs.metadata).toEqual({
        name: "mcp",
        labels: {
          team: "a",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      });
    });

    it("denies all traffic of all pods but DNS", async () => {
      const { find } = await run({}, options);
      expect(find(POLICY, "mcp-default-deny").inputs.spec).toEqual({
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
      });
      const dns = find(POLICY, "mcp-allow-dns").inputs.spec;
      expect(dns).toEqual({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
              },
            ],
            ports: [
              { protocol: "UDP", port: 53 },
              { protocol: "TCP", port: 53 },
            ],
          },
        ],
      });
    });

    it("lets pods call all but what answers them as their node, when told to", async () => {
      const { find } = await run({ denyEgress: false }, options);
      expect(find(POLICY, "mcp-default-deny").inputs.spec.policyTypes).toEqual(["Ingress", "Egress"]);
      expect(find(POLICY, "mcp-allow-egress").inputs.spec).toEqual({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              { namespaceSelector: {} },
              { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32", "168.63.129.16/32"] } },
              { ipBlock: { cidr: "::/0", except: ["fe80::/10"] } },
            ],
          },
        ],
      });
    });

    it("enforces a weaker standard for a reason, and says it on the namespace", async () => {
      const reason = "These pods run as root, and nobody can change it.";
      const podSecurityExemption = { standard: "baseline", reason } as const;
      const { find } = await run({ podSecurityExemption }, options);
      expect(find(NAMESPACE).inputs.metadata).toEqual({
        name: "mcp",
        annotations: { "mcpaas.dev/pod-security-exemption": reason },
        labels: {
          "pod-security.kubernetes.io/enforce": "baseline",
          "pod-security.kubernetes.io/audit": "baseline",
          "pod-security.kubernetes.io/warn": "baseline",
        },
      });
    });

    it.each([
      [
        { standard: "baseline", reason: "because" },
        /^podSecurityExemption\.reason: "because" is not allowed; .*20/,
      ],
      [{ standard: "baseline" }, /^podSecurityExemption\.reason: "" is not allowed/],
      [
        { standard: "lax", reason: "a reason that is long enough" },
        /^podSecurityExemption\.standard: "lax" is not/,
      ],
    ])("refuses the exemption %j", async (exemption, message) => {
      const podSecurityExemption = exemption as PodSecurityExemption;
      await expect(run({ podSecurityExemption }, options)).rejects.toThrow(message);
    });

    it("limits what pods use together, and gives containers requests and a memory limit", async () => {
      const { find } = await run({ quota: { pods: "3" } }, options);
      expect(find("kubernetes:core/v1:ResourceQuota").inputs.spec.hard).toEqual({ pods: "3" });
      expect(find("kubernetes:core/v1:LimitRange").inputs.spec.limits).toEqual([
        { type: "Container", defaultRequest: { cpu: "50m", memory: "64Mi" }, default: { memory: "256Mi" } },
      ]);
    });

    it("leaves containers without a memory limit when told to, under a quota that doesn't ask for one", async () => {
      const free = { defaultMemoryLimit: "none" };
      const { find } = await run({ ...free, quota: { pods: "3" } }, options);
      expect(find("kubernetes:core/v1:LimitRange").inputs.spec.limits).toEqual([
        { type: "Container", defaultRequest: { cpu: "50m", memory: "64Mi" } },
      ]);
      await expect(run(free, options)).rejects.toThrow(/^quota: limits .*give a quota without limits\.\*$/);
    });

    it("deletes the rules before the namespace", async () => {
      const { find, resources } = await run({}, options);
      const namespace = find(NAMESPACE);
      const rules = resources.filter((r) => r.type.startsWith("kubernetes:") && r.urn !== namespace.urn);
      expect(rules.map((r) => r.name).sort()).toEqual([
        "mcp-allow-dns",
        "mcp-default-deny",
        "mcp-limits",
        "mcp-quota",
      ]);
      for (const rule of rules) {
        // By its urn: the component has the namespace's name too, and every child depends on the component.
        expect([rule.name, rule.needed.includes(namespace.urn)]).toEqual([rule.name, true]);
      }
    });
  },
);
