import { describe, expect, it } from "vitest";
import { REASON_ANNOTATION } from "../../../components/restrictedNamespace/podSecurity.ts";
import { namespacePodSecurity as rule } from "../../../policies/rules/namespacePodSecurity.ts";
import { findings, unknownObject, unknownString } from "../judge.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const said = (standard: unknown, reason?: unknown, config: object = {}) =>
  findings(
    rule,
    "kubernetes:core/v1:Namespace",
    { metadata: { labels: { [ENFORCE]: standard }, annotations: { [REASON_ANNOTATION]: reason } } },
    config,
  );
const reason = "What brings GPUs mounts folders of its node";

describe("namespace-pod-security", () => {
  it("accepts the strictest standard, and a weaker one with a reason", async () => {
    expect(await said("restricted")).toEqual([]);
    expect(await said("privileged", reason)).toEqual([]);
  });

  it.each([
    ["no standard", undefined, undefined, "enforces no pod security standard"],
    ["what is none", "strict", undefined, "is strict"],
    ["a weaker one", "baseline", undefined, 'enforces only "baseline" and doesn\'t say why'],
    ["a weaker one with a word for a reason", "privileged", "because", 'enforces only "privileged"'],
  ])("refuses %s", async (_, standard, why, text) => {
    expect(await said(standard, why)).toEqual([expect.stringContaining(text)]);
  });

  it("takes no reason where the configuration allows none", async () => {
    expect(await said("baseline", reason, { reasonAnnotation: "" })).toHaveLength(1);
  });

  it("reports what isn't known yet", async () => {
    expect((await said(unknownString))[0]).toContain("is not known yet");
    expect((await said("baseline", unknownString))[0]).toContain("is not known yet");
    const hidden = await findings(rule, "kubernetes:core/v1:Namespace", { metadata: unknownObject });
    expect(hidden).toEqual([expect.stringContaining("advisory: metadata is not known yet")]);
  });
});
