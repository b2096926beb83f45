import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContainerImage, type ContainerImageArgs } from "../../../components/containerImage.ts";
import { type Answers, resolved, runWithMocks, UNKNOWN } from "../../support/mocks.ts";

const IMAGE = "docker:index/image:Image";
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const docker: Answers = {
  outputs: { [IMAGE]: () => ({ repoDigest: `demo.azurecr.io/mcp/echo@${DIGEST}` }) },
};

let context: string;
beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), "mcpaas-context-"));
  await mkdir(join(context, "echo"));
  await writeFile(join(context, "Dockerfile"), "FROM scratch\n");
  await writeFile(join(context, "echo", "Dockerfile"), "FROM scratch\n");
});
afterAll(() => rm(context, { recursive: true }));

const make = (args: Partial<ContainerImageArgs> = {}) =>
  new ContainerImage("echo-image", {
    loginServer: "demo.azurecr.io",
    repository: "mcp/echo",
    tag: "0.1.0",
    login: { username: "images-push", password: "very-private" },
    context,
    dockerfile: join(context, "echo", "Dockerfile"),
    ...args,
  });
const run = (args: Partial<ContainerImageArgs> = {}, preview = false) =>
  runWithMocks(() => make(args), docker, { preview });

describe("ContainerImage", () => {
  it("has Docker build it for AKS's nodes, with layers of the image before, and push it with the login", async () => {
    const { find } = await run();
    expect(find(IMAGE)).toMatchObject({
      parent: "echo-image",
      inputs: {
        imageName: "demo.azurecr.io/mcp/echo:0.1.0",
        build: {
          context,
          dockerfile: join(context, "echo", "Dockerfile"),
          platform: "linux/amd64",
          args: { BUILDKIT_INLINE_CACHE: "1" },
          cacheFrom: { images: ["demo.azurecr.io/mcp/echo:0.1.0"] },
        },
        registry: { server: "demo.azurecr.io", username: "images-push", password: "very-private" },
      },
    });
    // Both are the provider's defaults.
    expect(find(IMAGE).inputs).toMatchObject({ skipPush: false, buildOnPreview: false });
  });

  it("keeps the password a secret, also a plain one", async () => {
    expect((await run()).find(IMAGE).secretInputs).toEqual(["registry.password"]);
  });

  it("is known by digest, and by tag for people", async () => {
    const { result } = await run();
    expect(await resolved(result.image)).toBe(`demo.azurecr.io/mcp/echo@${DIGEST}`);
    expect(await resolved(result.taggedImage)).toBe("demo.azurecr.io/mcp/echo:0.1.0");
  });

  it("tells the provider a login that isn't known yet apart from the server, which is", async () => {
    const login = { username: "images-push", password: pulumi.unknown as unknown as string };
    const { find } = await run({ login }, true);
    expect(find(IMAGE).inputs.registry).toEqual({
      server: "demo.azurecr.io",
      username: "images-push",
      password: UNKNOWN,
    });
  });

  it("takes the context's own Dockerfile, build arguments, another platform, and no cache", async () => {
    const args = { dockerfile: undefined, buildArgs: { A: "1" }, platform: "linux/arm64", cache: false };
    const { build } = (await run(args)).find(IMAGE).inputs;
    expect(build).toEqual({
      context,
      dockerfile: join(context, "Dockerfile"),
      platform: "linux/arm64",
      args: { A: "1" },
    });
  });

  it.each<[Partial<ContainerImageArgs>, RegExp]>([
    [{ repository: "demo.azurecr.io/mcp:1" }, /^repository: "demo.azurecr.io\/mcp:1" is not allowed/],
    [{ tag: "a b" }, /^tag: "a b" is not allowed/],
    [{ platform: "amd64" }, /^platform: "amd64" is not allowed/],
    [{ loginServer: "https://demo.azurecr.io" }, /^loginServer: "https:/],
    [
      { context: "no/such" },
      /^context: there is no "no\/such" in .*; give its path from the program's folder$/,
    ],
    [{ dockerfile: "no/Dockerfile" }, /^dockerfile: there is no "no\/Dockerfile" in /],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
