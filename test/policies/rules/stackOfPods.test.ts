import { afterEach, describe, expect, it } from "vitest";
import { seenInputs, settled } from "../../../policies/lib/seenInputs.ts";
import { Unknown } from "../../../policies/lib/unknown.ts";
import { availability } from "../../../policies/rules/availability.ts";
import { serviceAccountToken } from "../../../policies/rules/serviceAccountToken.ts";
import { rules } from "../../../policies/rules.ts";
import { goodPod, mcpServer } from "../fixtures.ts";
import { judge, type Member, stackFindings, unknownObject, unknownString, urnOf } from "../judge.ts";

const spread = [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" }];

function deployment(replicas: unknown, pod: object = {}, spec: object = {}, kind = "Deployment"): Member {
  const template = { metadata: { labels: { app: "a", tier: "x" } }, spec: goodPod({ ...pod }) };
  const metadata = { name: "a", namespace: "n" };
  return {
    type: `kubernetes:apps/v1:${kind}`,
    name: "a",
    props: { metadata, spec: { replicas, template, ...spec } },
  };
}
function budget(
  spec: object,
  selector: unknown = { matchLabels: { app: "a" } },
  namespace: unknown = "n",
): Member {
  return {
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "b",
    props: { metadata: { name: "b", namespace }, spec: { selector, ...spec } },
  };
}
const scaler = (type: string, spec: object): Member => ({
  type: `kubernetes:${type}`,
  name: "s",
  props: {
    metadata: { namespace: "n" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "a" }, ...spec },
  },
});

describe("availability", () => {
  const two = deployment(2, { topologySpreadConstraints: spread });
  const one = { maxUnavailable: 1 };

  it.each([
    ["two that are spread, with a budget", [two, budget(one)]],
    ["one that is recreated", [deployment(1, {}, { strategy: { type: "Recreate" } })]],
    ["one of a StatefulSet", [deployment(1, {}, {}, "StatefulSet")]],
    ["none", [deployment(0)]],
    [
      "one, by an autoscaler with two",
      [
        deployment(1, { topologySpreadConstraints: spread }),
        budget(one),
        scaler("autoscaling/v2:HorizontalPodAutoscaler", { minReplicas: 2 }),
      ],
    ],
    [
      "two apart by affinity",
      [deployment(2, { affinity: { podAntiAffinity: {} } }), budget({ minAvailable: 1 })],
    ],
    ["a budget for everything", [two, budget(one, {})]],
    [
      "a budget by expressions",
      [two, budget(one, { matchExpressions: [{ key: "tier", operator: "In", values: ["x", "y"] }] })],
    ],
  ])("accepts %s", async (_, members) => {
    expect(await stackFindings(availability, members)).toEqual([]);
  });

  it.each([
    ["one that is rolled", [deployment(1)], ["a: The Deployment has one pod, fewer than 2"]],
    ["one by default", [deployment(undefined)], ["a: The Deployment has one pod"]],
    [
      "an autoscaler that keeps one",
      [deployment(3), scaler("autoscaling/v2:HorizontalPodAutoscaler", {})],
      ["a: The Deployment has one pod"],
    ],
    [
      "KEDA's, which keeps none",
      [deployment(3), scaler("keda.sh/v1alpha1:ScaledObject", {})],
      ["a: The Deployment has 0 pods"],
    ],
    ["two without a budget", [two], ["a: Its 2 pods have no PodDisruptionBudget"]],
    ["a budget elsewhere", [two, budget(one, { matchLabels: { app: "a" } }, "m")], ["a: Its 2 pods have no"]],
    ["a budget of others", [two, budget(one, { matchLabels: { app: "b" } })], ["a: Its 2 pods have no"]],
    ["a budget without a selector", [two, budget(one, null)], ["a: Its 2 pods have no"]],
    [
      "a budget by other expressions",
      [two, budget(one, { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] })],
      ["a: Its 2 pods have no"],
    ],
    ["two together", [deployment(2), budget(one)], ["a: Its 2 pods may all be on one node"]],
    [
      "a budget that lets none go",
      [two, budget({ minAvailable: "51%" })],
      ["b: The budget lets none of 2 pods go"],
    ],
    ["another", [two, budget({ maxUnavailable: 0 })], ["b: The budget lets none of 2 pods go"]],
  ])("advises about %s", async (_, members, expected) => {
    const said = await stackFindings(availability, members);
    expect(said).toEqual(expected.map((text) => expect.stringContaining(`advisory ${text}`)));
  });

  it("is content with one where that is configured", async () => {
    expect(await stackFindings(availability, [deployment(1)], { minReplicas: 1 })).toEqual([]);
  });

  it("knows the labels that KMCP gives to pods", async () => {
    const [type, props] = mcpServer({ image: "a:1", replicas: 2, affinity: { podAntiAffinity: {} } });
    const server = { type, name: "a", props: { ...props, metadata: { name: "x", namespace: "n" } } };
    expect(await stackFindings(availability, [server])).toHaveLength(1);
    const labels = { "app.kubernetes.io/instance": "x", "app.kubernetes.io/managed-by": "kmcp" };
    expect(await stackFindings(availability, [server, budget(one, { matchLabels: labels })])).toEqual([]);
  });

  it.each([
    ["spec.replicas of a", [deployment(unknownString)]],
    ["spec.selector of b", [two, budget(one, unknownObject)]],
    ["metadata.namespace of b", [two, budget(one, {}, unknownString)]],
    ["spec.maxUnavailable of b", [two, budget({ maxUnavailable: unknownString })]],
    [
      "spec.scaleTargetRef of a",
      [two, budget(one), scaler("autoscaling/v2:HorizontalPodAutoscaler", { scaleTargetRef: unknownObject })],
    ],
  ])("says that it can't see %s", async (path, members) => {
    const said = await stackFindings(availability, members);
    expect(said).toContainEqual(expect.stringContaining(`${path} (`));
  });
});

describe("service-account-token", () => {
  const account = (automount: unknown, name: unknown = "own", namespace = "n"): Member => ({
    type: "kubernetes:core/v1:ServiceAccount",
    name: "account",
    props: { metadata: { name, namespace }, automountServiceAccountToken: automount },
  });
  const pod = (automount: unknown, serviceAccountName?: string) =>
    deployment(1, { automountServiceAccountToken: automount, serviceAccountName });

  it.each([
    ["a pod that takes none", [pod(false)]],
    ["a pod whose account gives none", [pod(undefined, "own"), account(false)]],
    ["a pod that wants its own account's", [pod(true, "own")]],
  ])("accepts %s", async (_, members) => {
    expect(await stackFindings(serviceAccountToken, members)).toEqual([]);
  });

  it.each([
    ["a pod that is silent", [pod(undefined)], "of the account default without saying"],
    [
      "one whose account is silent",
      [pod(undefined, "own"), account(undefined)],
      "of the account own without",
    ],
    [
      "one whose account is elsewhere",
      [pod(undefined, "own"), account(false, "own", "m")],
      "of the account own",
    ],
    ["one that wants the common account's", [pod(true)], "of the account that all share"],
  ])("advises about %s", async (_, members, text) => {
    expect(await stackFindings(serviceAccountToken, members)).toEqual([
      expect.stringMatching(`^advisory a: .*${text}`),
    ]);
  });

  it("knows whose account KMCP uses", async () => {
    const of = (deployment: object) => {
      const [type, props] = mcpServer({ image: "a:1", ...deployment });
      return { type, name: "a", props: { ...props, metadata: { name: "x", namespace: "n" } } };
    };
    expect(await stackFindings(serviceAccountToken, [of({})])).toHaveLength(1);
    expect(
      await stackFindings(serviceAccountToken, [of({ serviceAccountName: "own" }), account(false)]),
    ).toEqual([]);
    expect(await stackFindings(serviceAccountToken, [of({}), account(false, "x")])).toEqual([]);
  });

  it("says what it can't see", async () => {
    expect(await stackFindings(serviceAccountToken, [pod(unknownString)])).toEqual([
      expect.stringContaining("spec.template.spec.automountServiceAccountToken of a"),
    ]);
    expect(await stackFindings(serviceAccountToken, [pod(undefined, "own"), account(unknownString)])).toEqual(
      [expect.stringContaining("automountServiceAccountToken of a")],
    );
  });
});

describe("what rules on the stack know of a resource", () => {
  afterEach(() => seenInputs.clear());
  const hidden = new Unknown("x");

  it.each([
    ["what came of it", { a: 2 }, { a: 1 }, { a: 2 }],
    ["what was said, where that isn't known", { a: hidden, b: [hidden] }, { a: 1, b: [2] }, { a: 1, b: [2] }],
    ["what was said, where nothing came of it", { a: { c: 1 } }, { a: { b: 2 } }, { a: { b: 2, c: 1 } }],
    ["nothing, where nothing was said", { a: hidden }, {}, {}],
    ["that it isn't known, where what was said isn't", { a: hidden }, { a: hidden }, { a: hidden }],
    ["lists that grew", { a: [1, 2] }, { a: [1] }, { a: [1, 2] }],
  ])("%s", (_, outputs, inputs, known) => {
    expect(settled(outputs, inputs)).toEqual(known);
  });

  it("was shown to the pack's first rule", async () => {
    const member = deployment(unknownString, { topologySpreadConstraints: spread });
    const said = deployment(1, {}, { strategy: { type: "Recreate" } });
    await judge(rules[0] as Parameters<typeof judge>[0], said.type, said.props, {}, "a");
    expect(seenInputs.has(urnOf(said.type, "a"))).toBe(true);
    expect(await stackFindings(availability, [member])).toEqual([]);
  });
});
