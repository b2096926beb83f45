import { describe, expect, it } from "vitest";
import { imageTags as rule } from "../../../policies/rules/imageTags.ts";
import { container, mcpServer, workload, workloadKinds } from "../fixtures.ts";
import { findings, judge, unknownString } from "../judge.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const running = (image: unknown) => workload("Deployment", { containers: [container({ image })] });

describe("image-tags", () => {
  it.each([
    "nginx:1.29.3",
    "registry.example:5000/team/app:2026-11-22",
    `registry.example/app@${digest}`,
    `registry.example/app:latest@${digest}`,
    "registry.example/latest:1",
  ])("accepts %s", async (image) => {
    expect(await judge(rule, ...running(image))).toEqual([]);
  });

  it.each([
    ["nginx", "which has no tag and so means latest"],
    ["registry.example:5000/team/app", "which has no tag and so means latest"],
    ["nginx:latest", "whose tag says no version"],
    ["nginx:", "which has no tag and so means latest"],
    ["registry.example/app@sha256:123", "whose digest is malformed"],
    ["", "names no image"],
    [undefined, "names no image"],
  ])("refuses %s", async (image, why) => {
    const said = await findings(rule, ...running(image));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`mandatory: container "app"`);
    expect(said[0]).toContain(why);
    expect(said[0]).toContain("(spec.template.spec.containers[0].image)");
  });

  it.each(workloadKinds)("looks at every container of a %s", async (kind) => {
    const bad = container({ image: "busybox" });
    const said = await findings(rule, ...workload(kind, { initContainers: [bad], containers: [bad] }));
    expect(said).toHaveLength(2);
  });

  it("refuses further tags when configured to", async () => {
    const said = await findings(rule, ...running("nginx:stable"), { forbidden: ["latest", "stable"] });
    expect(said).toHaveLength(1);
    expect(await judge(rule, ...running("nginx:stable"))).toEqual([]);
  });

  it("reports an image that is not known yet, and judges the one beside it", async () => {
    const containers = [container({ image: unknownString }), container({ image: "nginx" })];
    const said = await findings(rule, ...workload("Deployment", { containers }));
    expect(said).toHaveLength(2);
    expect(said[0]).toContain("mandatory: ");
    expect(said[1]).toContain("advisory: spec.template.spec.containers[0].image is not known yet");
  });

  it("looks at an MCPServer's image, gateway and sidecars", async () => {
    const deployment = {
      image: "echo:latest",
      initContainer: { image: "gateway" },
      sidecars: [container({ name: "guard", image: "guard" })],
    };
    const said = await findings(rule, ...mcpServer(deployment, "stdio"));
    expect(said.map((text) => /\((.*)\)/.exec(text)?.[1])).toEqual([
      "spec.deployment.image",
      "spec.deployment.initContainer.image",
      "spec.deployment.sidecars[0].image",
    ]);
  });

  it("leaves the gateway's image to KMCP, which pins it, but not the server's", async () => {
    expect(await judge(rule, ...mcpServer({ image: "echo:1" }, "stdio"))).toEqual([]);
    expect(await findings(rule, ...mcpServer({ cmd: "node" }, "stdio"))).toEqual([
      "mandatory: MCP server container names no image, so whatever runs it picks one (spec.deployment.image).",
    ]);
  });

  it.each([
    ["npx", "node:24-alpine3.21", "24-alpine3.21"],
    ["uvx", "ghcr.io/astral-sh/uv:debian", "debian"],
  ])("judges the image that KMCP has for %s", async (cmd, image, tag) => {
    expect(await judge(rule, ...mcpServer({ cmd }, "stdio"))).toEqual([]);
    expect(await judge(rule, ...mcpServer({ cmd, image: "" }, "stdio"))).toEqual([]);
    const said = await findings(rule, ...mcpServer({ cmd }, "stdio"), { forbidden: [tag] });
    expect(said).toEqual([expect.stringContaining(`runs ${image}, whose tag says no version`)]);
    expect(await findings(rule, ...mcpServer({ cmd, image: "own:latest" }, "stdio"))).toHaveLength(1);
  });

  it("reports a command that is not known yet when the image depends on it", async () => {
    const said = await findings(rule, ...mcpServer({ cmd: unknownString }, "stdio"));
    expect(said).toEqual([expect.stringMatching(/^advisory: .*spec.deployment.cmd is not known yet/)]);
    expect(await judge(rule, ...mcpServer({ cmd: unknownString, image: "a:1" }, "stdio"))).toEqual([]);
  });
});
