import { expect, test } from "vitest";
import { parse } from "yaml";
import { splitReady } from "../../rehearsal/cluster/podStages.ts";

const condition = (type: string, status = "True") => `
      - lastTransitionTime: {{ $now | Quote }}
        status: "${status}"
        type: ${type}`;

const stage = (conditions: string[]) => `
metadata:
  name: pod-ready
spec:
  selector:
    matchExpressions:
    - key: '.status.podIP'
      operator: 'DoesNotExist'
  next:
    statusTemplate: |
      conditions:${conditions.join("")}
      phase: Running
`;

test("pods of real programs start unready; what selects the others leaves them out", () => {
  const before = ["Initialized", "Ready", "ContainersReady"].map((type) => condition(type));
  const [others, real] = splitReady(stage(before)).map((text) => parse(text));
  const started = [
    condition("Initialized"),
    condition("Ready", "False"),
    condition("ContainersReady", "False"),
  ];
  expect(others.spec.next).toEqual(parse(stage(before)).spec.next);
  expect(real.spec.next).toEqual(parse(stage(started)).spec.next);
  const [first, forOthers] = others.spec.selector.matchExpressions;
  expect(first).toEqual({ key: ".status.podIP", operator: "DoesNotExist" });
  expect(forOthers).toEqual({
    key: expect.stringContaining('"mcr.microsoft.com/aks/kaito/workspace"'),
    operator: "In",
    values: ["false"],
  });
  expect(real.spec.selector.matchExpressions).toEqual([first, { ...forOthers, values: ["true"] }]);
  expect([others.metadata.name, real.metadata.name]).toEqual(["pod-ready", "pod-started"]);
});

test("a stage that sets no readiness is not taken for the known one", () => {
  expect(() => splitReady(stage([condition("Initialized"), condition("Ready")]))).toThrow(/ContainersReady/);
});
