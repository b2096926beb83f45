import { describe, expect, it } from "vitest";
import { SPOT_TAINT } from "../../../components/aksWithGpuPool/spot.ts";
import { spotWorkloads as rule } from "../../../policies/rules/spotWorkloads.ts";
import { container, workload, workloadKinds } from "../fixtures.ts";
import { findings, unknownArray, unknownNumber, unknownObject, unknownString } from "../judge.ts";

const [KEY, VALUE] = SPOT_TAINT.split(/[=:]/);
const onSpot = { tolerations: [{ key: KEY, operator: "Equal", value: VALUE, effect: "NoSchedule" }] };
const said = (kind: string, pod: object = {}) =>
  findings(rule, ...workload(kind, { containers: [container()], ...pod }));
const claim = { name: "data", persistentVolumeClaim: { claimName: "data" } };

describe("spot-workloads", () => {
  it.each(workloadKinds)("asks nothing of a %s that isn't let onto spot nodes", async (kind) => {
    expect(await said(kind, { volumes: [claim], terminationGracePeriodSeconds: 600 })).toEqual([]);
  });

  it.each([["Deployment"], ["Job"], ["CronJob"], ["DaemonSet"]])("accepts a %s", async (kind) => {
    expect(await said(kind, { ...onSpot, volumes: [{ name: "tmp", emptyDir: {} }] })).toEqual([]);
  });

  it.each([
    ["Pod", {}, "Nothing starts this pod anew"],
    ["StatefulSet", {}, "pods wait for a node that is gone"],
    ["Deployment", { volumes: [claim] }, 'volume "data" stays with a node that is gone'],
    ["Deployment", { terminationGracePeriodSeconds: 31 }, "takes up to 31 s to end"],
  ])("refuses a %s with %o", async (kind, pod, why) => {
    const [text, ...more] = await said(kind, { ...onSpot, ...pod });
    expect(text).toContain("mandatory: ");
    expect(text).toContain(why);
    expect(more).toEqual([]);
  });

  it("sees a toleration of everything", async () => {
    expect(await said("Pod", { tolerations: [{ operator: "Exists" }] })).toHaveLength(1);
  });

  it("refuses jobs that are never tried again", async () => {
    const template = { spec: { containers: [container()], ...onSpot } };
    const job = { backoffLimit: 0, template };
    const judged = [
      await findings(rule, "kubernetes:batch/v1:Job", { spec: job }),
      await findings(rule, "kubernetes:batch/v1:CronJob", { spec: { jobTemplate: { spec: job } } }),
    ];
    for (const text of judged) expect(text).toEqual([expect.stringContaining("backoffLimit is 0")]);
  });

  it("reports that it can't see how often a job is tried", async () => {
    const template = { spec: { containers: [container()], ...onSpot } };
    const props = { spec: { backoffLimit: unknownNumber, template } };
    expect(await findings(rule, "kubernetes:batch/v1:Job", props)).toEqual([
      expect.stringContaining("advisory: spec.backoffLimit is not known yet"),
    ]);
  });

  it.each([
    ["tolerations", { tolerations: unknownArray }],
    ["volumes", { ...onSpot, volumes: unknownArray }],
    ["terminationGracePeriodSeconds", { ...onSpot, terminationGracePeriodSeconds: unknownNumber }],
    ["volumes[0]", { ...onSpot, volumes: [unknownObject] }],
    ["volumes[0].persistentVolumeClaim", { ...onSpot, volumes: [{ persistentVolumeClaim: unknownObject }] }],
    ["tolerations[0].value", { tolerations: [{ ...onSpot.tolerations[0], value: unknownString }] }],
  ])("reports that %s isn't known yet", async (path, pod) => {
    const [text, ...more] = await said("Deployment", pod);
    expect(text).toContain(`advisory: spec.template.spec.${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
