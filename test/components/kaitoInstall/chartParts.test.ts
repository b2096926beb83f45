import type { CustomResourceOptions, ResourceTransformResult } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { chartParts } from "../../../components/kaitoInstall/chartParts.ts";
import { NODE_AGENT_RESOURCES } from "../../../components/kaitoInstall/gpuDiscovery.ts";

const changed = (type: string, props: object, args = {}, opts: CustomResourceOptions = {}) =>
  chartParts({ protectCrds: false, imagePullSecrets: [], ...args })({
    custom: true,
    type: `kubernetes:${type}`,
    name: "part",
    props,
    opts,
    // None of these is asynchronous.
  }) as ResourceTransformResult | undefined;

const CRD = "apiextensions.k8s.io/v1:CustomResourceDefinition";
const DAEMON_SET = "apps/v1:DaemonSet";

describe("chartParts", () => {
  it("states nothing of the certificate, which the controller makes", () => {
    const metadata = { name: "workspace-webhook-cert" };
    expect(changed("core/v1:Secret", { metadata, data: { "ca-cert.pem": "" } })?.props).toEqual({ metadata });
  });

  it("states nothing of a webhook's rules, which the controller writes, and all the rest", () => {
    const metadata = { name: "validation.workspace.kaito.sh" };
    const hook = { name: "a", failurePolicy: "Fail", clientConfig: { service: { name: "s", port: 9443 } } };
    const props = { metadata, webhooks: [{ ...hook, rules: [{ operations: ["CREATE"] }] }] };
    const type = "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration";
    expect(changed(type, props)?.props).toEqual({ metadata, webhooks: [hook] });
  });

  it.each([
    [true, true],
    [false, undefined],
  ])("protects CRDs: %s, and nothing else", (protectCrds, expected) => {
    const args = { protectCrds };
    expect(changed(CRD, { spec: 1 }, args)).toMatchObject({ props: { spec: 1 } });
    expect(changed(CRD, {}, args)?.opts.protect).toBe(expected);
    expect(changed(DAEMON_SET, daemonSet([{}]), args)?.opts.protect).toBeUndefined();
    expect(changed("apps/v1:Deployment", {}, args)).toBeUndefined();
  });

  it("keeps the options that a resource has", () => {
    const opts = { deleteBeforeReplace: true };
    expect(changed(CRD, {}, { protectCrds: true }, opts)?.opts).toEqual({ ...opts, protect: true });
    expect(changed("core/v1:Secret", {}, {}, opts)?.opts).toEqual(opts);
  });

  it("gives containers on nodes resources where the chart states none", () => {
    const own = { requests: { cpu: "1m", memory: "1Mi" }, limits: { memory: "2Mi" } };
    const containers = [{ name: "a" }, { name: "b", resources: own }, { name: "c", resources: {} }];
    expect(changed(DAEMON_SET, daemonSet(containers))?.props).toEqual(
      daemonSet(
        [
          { name: "a", resources: NODE_AGENT_RESOURCES },
          { name: "b", resources: own },
          { name: "c", resources: NODE_AGENT_RESOURCES },
        ],
        {
          automountServiceAccountToken: false,
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        },
      ),
    );
  });

  it("leaves pods on nodes the account and the profile that the chart gives them", () => {
    const own = { serviceAccountName: "w", securityContext: { seccompProfile: { type: "Localhost" } } };
    expect(changed(DAEMON_SET, daemonSet([], own))?.props).toEqual(
      daemonSet([], { ...own, automountServiceAccountToken: true }),
    );
  });

  it("gives pods on nodes the secrets to pull with", () => {
    const { props } = changed(DAEMON_SET, daemonSet([]), { imagePullSecrets: ["s"] }) ?? {};
    expect(props).toMatchObject({ spec: { template: { spec: { imagePullSecrets: [{ name: "s" }] } } } });
  });
});

/** As much of one as matters, and something beside each part that must stay. */
function daemonSet(containers: object[], more: object = {}) {
  const spec = { nodeSelector: { a: "b" }, containers, ...more };
  return {
    metadata: { name: "d" },
    spec: { selector: {}, template: { metadata: {}, spec } },
  };
}
