import { Provider } from "@pulumi/kubernetes/provider.js";
import { describe, expect, it } from "vitest";
import { CertManager, type CertManagerArgs } from "../../../components/certManager.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";
import { allows, policiesOf, READINGS } from "../../support/networkPolicy.ts";

const CHART = "kubernetes:helm.sh/v4:Chart";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const ACME = {
  email: "platform@example.com",
  gateway: { name: "front-door", namespace: "ingress", listener: "http" },
};

const run = (args: CertManagerArgs = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new CertManager("cert-manager", args, { provider: new Provider("cluster", { kubeconfig: "{}" }) }),
    {},
    options,
  );

describe.each([{ preview: false }, { preview: true }])("CertManager, preview: $preview", ({ preview }) => {
  it("is the pinned chart with the Gateway API, ready when the API server trusts its webhook", async () => {
    const { find } = await run({}, { preview });
    const { inputs } = find(CHART);
    expect(inputs).toMatchObject({
      chart: "oci://quay.io/jetstack/charts/cert-manager",
      version: "v1.21.2",
      name: "cert-manager",
      namespace: "cert-manager",
    });
    const waits = {
      "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}",
      // Without it AKS takes over a field that the chart has, and no other version can be applied.
      "admissions.enforcer/disabled": "true",
    };
    expect(inputs.values).toMatchObject({
      crds: { enabled: true, keep: false },
      config: { gatewayAPI: { enabled: true } },
      global: { leaderElection: { namespace: "cert-manager" } },
      startupapicheck: { enabled: false },
      webhook: {
        mutatingWebhookConfigurationAnnotations: waits,
        validatingWebhookConfigurationAnnotations: waits,
      },
    });
    for (const part of [inputs.values, inputs.values.webhook, inputs.values.cainjector]) {
      expect(part).toMatchObject({
        replicaCount: 1,
        podDisruptionBudget: { enabled: false },
        resources: { limits: { memory: "256Mi" } },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      });
    }
  });

  it("has an issuer for each environment, after the chart", async () => {
    const { find, resources, result } = await run({ acme: ACME }, { preview });
    const spec = (server: string, account: string) => ({
      acme: {
        server,
        email: "platform@example.com",
        privateKeySecretRef: { name: account },
        solvers: [
          {
            http01: {
              gatewayHTTPRoute: {
                serviceType: "ClusterIP",
                parentRefs: [
                  {
                    group: "gateway.networking.k8s.io",
                    kind: "Gateway",
                    name: "front-door",
                    namespace: "ingress",
                    sectionName: "http",
                  },
                ],
              },
            },
          },
        ],
      },
    });
    const staging = find(ISSUER, "cert-manager-staging");
    expect(staging.inputs.metadata.annotations).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
    expect(staging.inputs.spec).toEqual(
      spec("https://acme-staging-v02.api.letsencrypt.org/directory", "letsencrypt-staging-account"),
    );
    expect(find(ISSUER, "cert-manager-production").inputs.spec).toEqual(
      spec("https://acme-v02.api.letsencrypt.org/directory", "letsencrypt-production-account"),
    );
    expect(needs(resources, staging, find(CHART))).toBe(true);
    expect(needs(resources, find(CHART), find(NAMESPACE))).toBe(true);
    if (preview) return;
    expect(await resolved(result.issuers.staging as NonNullable<typeof result.issuers.staging>)).toBe(
      "letsencrypt-staging",
    );
  });
});

describe("CertManager", () => {
  it("runs in a restricted namespace", async () => {
    const { find } = await run();
    expect(find(NAMESPACE).inputs.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  });

  it.each(READINGS)(
    "is called by the API server's agents at its webhook and by nobody else (%s)",
    async (reading) => {
      const { resources } = await run({ metricsClients: [{ namespace: "monitoring" }] });
      const webhook = {
        namespace: "cert-manager",
        labels: { "app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": "webhook" },
      };
      const agent = { namespace: "kube-system", labels: { app: "konnectivity-agent" } };
      const monitor = { namespace: "monitoring", labels: {} };
      const ask = (from: typeof agent, port: number) =>
        allows(policiesOf(resources), { from, to: webhook, port }, reading);
      expect(ask(agent, 10250)).toBe(true);
      expect(ask(agent, 9402)).toBe(false);
      expect(ask({ ...agent, namespace: "mcp" }, 10250)).toBe(false);
      const monitors = { ...monitor, labels: { app: "any" } };
      expect(ask(monitors, 9402)).toBe(true);
      expect(ask(monitors, 10250)).toBe(false);
    },
  );

  it("has one issuer with another CA", async () => {
    const acme = { ...ACME, environments: ["production" as const], server: "https://ca.example.com/dir" };
    const { find } = await run({ acme });
    expect(find(ISSUER).inputs.spec.acme.server).toBe("https://ca.example.com/dir");
  });

  it("comes from a mirror, in several pods, and leaves its CRDs", async () => {
    const { find } = await run({
      chart: "oci://mirror.example/cert-manager",
      imageRegistry: "mirror.example",
      replicas: 2,
      keepCrds: true,
      nodeSelector: { pool: "user" },
    });
    expect(find(CHART).inputs).toMatchObject({
      chart: "oci://mirror.example/cert-manager",
      values: {
        imageRegistry: "mirror.example",
        crds: { keep: true },
        webhook: { replicaCount: 2, podDisruptionBudget: { enabled: true }, nodeSelector: { pool: "user" } },
      },
    });
  });

  it.each<[string, CertManagerArgs, string]>([
    ["a version with v", { version: "v1.21.2" }, 'version: "v1.21.2" is not allowed'],
    ["six pods", { replicas: 6 }, "replicas: 6 is not allowed"],
    ["no address to write to", { acme: { ...ACME, email: "nobody" } }, 'acme.email: "nobody" is not allowed'],
    ["no environment", { acme: { ...ACME, environments: [] } }, "acme.environments: must name"],
    [
      "one CA for two environments",
      { acme: { ...ACME, server: "https://a.b" } },
      "acme.environments: must name one",
    ],
    ["a CA without TLS", { acme: { ...ACME, server: "http://a.b" } }, "acme.server"],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
