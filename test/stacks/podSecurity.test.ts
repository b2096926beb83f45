import { beforeAll, describe, expect, it } from "vitest";
import { REASON_ANNOTATION } from "../../components/restrictedNamespace/podSecurity.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { type Standard, violations } from "../support/podSecurity.ts";
import type { ClusterView } from "../support/stackPods.ts";
import { stackView } from "./stacks.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

/** Every namespace that isn't restricted: the settings name it with its reason, and there is no other. */
const EXEMPT = {
  models: "models",
  "kaito-workspace": "kaito",
  ingress: "ingress",
  "gpu-metrics": "gpuMetrics",
} as const;

/** Pods of which only the labels are known here, because their controllers or charts make them. */
const UNSEEN = [
  "ingress/acme-chat.example.com",
  "ingress/acme-echo.example.com",
  "ingress/front-door",
  "kaito-workspace/device-plugin",
  "kaito-workspace/gpu-feature-discovery",
  "kaito-workspace/nfd-master",
  "kaito-workspace/nfd-worker",
];

describe.each(["dev", "everything"] as const)("pod security in the stack %s", (stack) => {
  let view: ClusterView;
  beforeAll(async () => {
    view = await stackView(stack);
  }, 60_000);

  it("is restricted in every namespace but those that the settings exempt, which say why", () => {
    const { podSecurityExemptions } = parseSettings({ location: "eastus" }, "dev");
    const found = [...view.namespaces].map(([name, { labels, annotations }]) => [
      name,
      labels[ENFORCE],
      annotations[REASON_ANNOTATION],
    ]);
    const expected = [...view.namespaces.keys()].map((name) => {
      const key = EXEMPT[name as keyof typeof EXEMPT];
      if (key === undefined) return [name, "restricted", undefined];
      const { standard, reason } = podSecurityExemptions[key];
      return [name, standard, reason];
    });
    expect(found).toEqual(expected);
  });

  it("takes every pod", () => {
    const found = view.pods.flatMap(({ namespace, name, spec }) => {
      const standard = view.namespaces.get(namespace)?.labels[ENFORCE] as Standard | undefined;
      if (standard === undefined)
        return [`${namespace}/${name} is in a namespace that the stack doesn't make`];
      return violations(spec ?? {}, standard).map((each) => `${namespace}/${name}: ${each}`);
    });
    expect(found).toEqual([]);
  });

  it("takes pods whose namespace is exempt as restricted, but for the exempt ones themselves", () => {
    const against = view.pods.filter(
      ({ namespace, spec }) => namespace in EXEMPT && spec && violations(spec, "restricted").length > 0,
    );
    // KAITO's own and NVIDIA's exporter, and nobody else's that were put beside them.
    const own = ({ "app.kubernetes.io/name": name, ...labels }: Record<string, string>) =>
      name === "dcgm-exporter" || Object.keys(labels).some((key) => key.includes("kaito.sh/"));
    expect(against.map(({ labels = {} }) => own(labels))).toEqual(against.map(() => true));
  });

  it("is judged by what the pods are, and not by names alone", () => {
    const unseen = view.pods.flatMap(({ namespace, name, spec }) => (spec ? [] : [`${namespace}/${name}`]));
    expect(unseen.sort()).toEqual(UNSEEN.filter((pod) => unseen.includes(pod)));
    expect(view.pods.length - unseen.length).toBeGreaterThan(5);
  });
});
