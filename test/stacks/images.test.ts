import { readFileSync } from "node:fs";
import { log, output } from "@pulumi/pulumi";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { AcrForAks } from "../../components/acrForAks.ts";
import { serverImages } from "../../stacks/azure/images.ts";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";
import type { ServerImages } from "../../stacks/shared/images.ts";
import { azure, DIGEST } from "../support/azure.ts";
import { needs, resolved, runWithMocks } from "../support/mocks.ts";

const IMAGE = "docker:index/image:Image";
const PASSWORD = "pulumi-nodejs:dynamic/mcpaas:TokenPassword";
const registry = { name: output("demoreg1"), loginServer: output("demoreg1.azurecr.io") } as AcrForAks;
const run = (images: object, needed: string[]) => {
  const settings = parseSettings({ location: "eastus", images }, "dev");
  return runWithMocks(() => serverImages(settings, { registry, resourceGroupName: "rg" }, needed), azure);
};
const values = async (images: ServerImages) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(images).map(async ([name, image]) => [name, await resolved(output(image))]),
    ),
  );

describe("serverImages", () => {
  it("builds what is needed and nothing else, each under its package's version", async () => {
    const { result, resources } = await run({}, ["echo", "guard"]);
    expect(await values(result)).toEqual({
      echo: `demoreg1.azurecr.io/mcp/echo@${DIGEST}`,
      guard: `demoreg1.azurecr.io/mcp/guard@${DIGEST}`,
    });
    const built = resources.filter(({ type }) => type === IMAGE);
    const version = (name: string) =>
      JSON.parse(readFileSync(`servers/${name}/package.json`, "utf8")).version as string;
    expect(built.map(({ inputs }) => inputs.imageName)).toEqual([
      `demoreg1.azurecr.io/mcp/echo:${version("echo")}`,
      `demoreg1.azurecr.io/mcp/guard:${version("guard")}`,
    ]);
    // Relative, so that the state is the same on every machine, and in a folder of links.
    expect(built.map(({ inputs }) => [inputs.build.context, inputs.build.dockerfile])).toEqual([
      ["servers", "servers/echo/Dockerfile"],
      ["servers", "servers/guard/Dockerfile"],
    ]);
  });

  it("has one login for all of them, which may push to their repositories only", async () => {
    const { find, resources } = await run({}, ["innovation-engine", "echo", "echo"]);
    expect(find("azure-native:containerregistry:ScopeMap").inputs).toMatchObject({
      registryName: "demoreg1",
      resourceGroupName: "rg",
      actions: ["echo", "innovation-engine"].flatMap((name) =>
        ["content/read", "content/write", "metadata/read"].map(
          (right) => `repositories/mcp/${name}/${right}`,
        ),
      ),
    });
    for (const image of resources.filter(({ type }) => type === IMAGE)) {
      expect(image.secretInputs).toEqual(["registry.password"]);
      expect(image.inputs.registry).toMatchObject({ server: "demoreg1.azurecr.io", username: "images-push" });
      expect(needs(resources, image, find(PASSWORD))).toBe(true);
    }
  });

  it("takes prebuilt images as they are, and asks for no login that nobody uses", async () => {
    const prebuilt = { echo: `ghcr.io/a/echo@${DIGEST}`, guard: `mcp/guard@${DIGEST}` };
    const { result, resources } = await run({ prebuilt }, ["echo", "guard"]);
    expect(await values(result)).toEqual({
      echo: `ghcr.io/a/echo@${DIGEST}`,
      guard: `demoreg1.azurecr.io/mcp/guard@${DIGEST}`,
    });
    expect(resources).toEqual([]);
  });

  it("warns of prebuilt images that nothing runs, and names the nearest that is needed", async () => {
    const warn = vi.spyOn(log, "warn").mockResolvedValue();
    onTestFinished(() => warn.mockRestore());
    const prebuilt = { gaurd: `mcp/guard@${DIGEST}`, echo: `mcp/echo@${DIGEST}` };
    await run({ prebuilt }, ["echo", "guard"]);
    expect(warn.mock.calls).toEqual([
      [
        "mcpaas:images.prebuilt.gaurd has no effect: nothing in the stack runs that image; " +
          'the nearest that it needs is "guard"',
      ],
    ]);
    warn.mockClear();
    await run({ prebuilt: { echo: `mcp/echo@${DIGEST}` } }, []);
    expect(warn.mock.calls).toEqual([
      ["mcpaas:images.prebuilt.echo has no effect: nothing in the stack runs that image"],
    ]);
  });

  it("makes nothing for a stack that needs none", async () => {
    const { result, resources } = await run({ build: false }, []);
    expect([result, resources]).toEqual([{}, []]);
  });

  it("gives a server whose source is elsewhere the version of all of them", async () => {
    const { find } = await run({}, ["open-websearch"]);
    const { version } = JSON.parse(readFileSync("servers/package.json", "utf8"));
    expect(find(IMAGE).inputs.imageName).toBe(`demoreg1.azurecr.io/mcp/open-websearch:${version}`);
  });

  it("names the folders that there are when it is asked for another", async () => {
    await expect(run({}, ["ech"])).rejects.toThrow(
      /^mcpaas:images: build: there is no servers\/ech\/Dockerfile; name one of echo, guard, /,
    );
  });

  it("builds nothing when it is told not to, and says which image is missing then", async () => {
    const prebuilt = { echo: `ghcr.io/a/echo@${DIGEST}` };
    await expect(run({ build: false, prebuilt }, ["echo", "guard"])).rejects.toThrow(
      "mcpaas:images.prebuilt.guard: missing, while mcpaas:images.build is false and the stack needs it; " +
        "name an image by digest, or set mcpaas:images.build to true",
    );
    await expect(run({ build: false }, ["guard", "innovation-engine"])).rejects.toThrow(
      /^mcpaas:images\.prebuilt\.guard, mcpaas:images\.prebuilt\.innovation-engine: missing, .* needs them;/,
    );
  });
});

describe("the setting images", () => {
  it.each([
    ["mcp/echo:0.1.0", /an image by digest/],
    [`mcp/echo@sha256:${"A".repeat(64)}`, /an image by digest/],
  ])("takes no image but by digest: %s", (image, message) => {
    const parse = () => parseSettings({ location: "eastus", images: { prebuilt: { echo: image } } }, "dev");
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(message);
  });
});
