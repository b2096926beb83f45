import { describe, expect, it } from "vitest";
import { containerResources } from "../../../policies/rules/containerResources.ts";
import { imageTags } from "../../../policies/rules/imageTags.ts";
import { findings } from "../../policies/judge.ts";
import { DEPLOYMENT, runGuarded, SERVER } from "../mcpGuard/guarded.ts";

describe("the policy pack", () => {
  it.each([
    ["of KMCP", SERVER, {}, "spec.deployment.sidecars[0]"],
    ["of KMCP's gateway", SERVER, { transport: "stdio", command: "x" }, "spec.deployment.sidecars[0]"],
    ["of its own", DEPLOYMENT, { runtime: "deployment" }, "spec.template.spec.containers[1]"],
  ] as const)("sees the guard in a pod %s, and has nothing to say", async (_, type, args, place) => {
    const { find } = await runGuarded({}, args);
    const { inputs } = find(type);
    for (const rule of [containerResources, imageTags])
      expect(await findings(rule, type, inputs)).toEqual([]);

    const guard = inputs.spec.deployment?.sidecars[0] ?? inputs.spec.template.spec.containers[1];
    guard.image = "r.io/guard:latest";
    delete guard.resources;
    expect((await findings(imageTags, type, inputs)).join()).toContain(`(${place}.image)`);
    expect((await findings(containerResources, type, inputs)).join()).toContain(`(${place}.resources.`);
  });
});
