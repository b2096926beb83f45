import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageInputs } from "../../../rehearsal/providers/docker/inputs.ts";
import { Provider } from "../../../rehearsal/providers/docker/provider.ts";
import { type Properties, unknown } from "../../../rehearsal/providers/plugin/values.ts";

const urn = "urn:pulumi:dev::mcpaas::mcpaas:index:ContainerImage$docker:index/image:Image::echo-image";
const digest = `demo.azurecr.io/mcp/echo@sha256:${"0".repeat(64)}`;

let context: string;
let built: { inputs: ImageInputs; stay: boolean }[];
let said: string[];
let provider: Provider;

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "mcpaas-provider-"));
  await mkdir(join(context, "echo"));
  await writeFile(join(context, "Dockerfile"), "FROM a");
  await writeFile(join(context, "echo", "Dockerfile"), "FROM a");
  built = [];
  said = [];
  provider = new Provider({
    env: {},
    notice: "no Docker here",
    log: {
      info: async (text) => void said.push(`info: ${text}`),
      warn: async (text) => void said.push(text),
    },
    async build(inputs, stay) {
      built.push({ inputs, stay });
      return digest;
    },
  });
});
afterEach(() => rm(context, { recursive: true }));

const program = (more: Properties = {}, build: Properties = {}): Properties => ({
  imageName: "demo.azurecr.io/mcp/echo:0.1.0",
  registry: { server: "demo.azurecr.io", username: "images-push", password: "p" },
  build: { context, dockerfile: join(context, "echo/Dockerfile"), platform: "linux/amd64", ...build },
  ...more,
});
const check = async (news: Properties) =>
  (await provider.check({ urn, olds: {}, news, seed: new Uint8Array(), autonaming: undefined })).inputs;
/** State as the engine has it: secrets are not sent to a plugin that doesn't ask for them. */
const stateOf = async (inputs: Properties): Promise<Properties> => {
  const { outputs } = await provider.create(urn, inputs, 0, false);
  return { ...outputs, __inputs: (outputs["__inputs"] as { value: Properties }).value };
};

describe("check", () => {
  it("fills in what the plugin fills in, and the context's digest", async () => {
    expect(await check(program())).toEqual({
      ...program(),
      build: {
        ...(program()["build"] as Properties),
        contextDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      buildOnPreview: false,
    });
    const { build } = await check(program({ build: { context } }));
    expect(build).toMatchObject({
      dockerfile: join(context, "Dockerfile"),
      platform: expect.stringMatching(/^linux\//),
    });
    expect(said).toEqual([expect.stringMatching(/^info: Building for linux\/.*set build\.platform/)]);
  });

  it("waits with the digest until it is known what to read", async () => {
    const { build } = await check(program({}, { dockerfile: unknown }));
    expect(build).not.toHaveProperty("contextDigest");
  });

  it("refuses a Dockerfile that isn't there, and says where it may be", async () => {
    await expect(check(program({}, { dockerfile: "no/Dockerfile" }))).rejects.toThrow(
      /^could not open the Dockerfile at the path "no\/Dockerfile"$/,
    );
    await expect(check(program({}, { dockerfile: "echo/Dockerfile" }))).rejects.toThrow(
      /; try setting dockerfile to ".*echo\/Dockerfile"$/,
    );
  });

  it("wants an image name that says where to push, unless the registry does or nothing is pushed", async () => {
    const named = (more: Properties) => check(program({ imageName: "echo:1", registry: {}, ...more }));
    await expect(named({})).rejects.toThrow(/^"echo:1" has to begin with its registry/);
    await expect(named({ registry: { server: "demo.azurecr.io" } })).resolves.toBeDefined();
    await expect(named({ skipPush: true })).resolves.toBeDefined();
  });
});

describe("diff", () => {
  it("finds nothing when nothing changed, and nothing in another login", async () => {
    const inputs = await check(program());
    const state = await stateOf(inputs);
    const login = { server: "demo.azurecr.io", username: "other", password: unknown };
    for (const news of [inputs, { ...inputs, registry: login }]) {
      expect(provider.diff(urn, inputs, news, state).detailed).toEqual(new Map());
    }
  });

  it("finds a changed file, name, server and what is added or gone, and never replaces", async () => {
    const inputs = await check(program());
    const state = await stateOf(inputs);
    await writeFile(join(context, "new.ts"), "");
    const { skipPush: _, ...news } = await check(
      program({
        imageName: "demo.azurecr.io/mcp/echo:2",
        registry: { server: "x.azurecr.io" },
        buildOnPreview: true,
      }),
    );
    const changed = { ...news, extra: 1 };
    const { detailed, replaces, deleteBeforeReplace } = provider.diff(urn, inputs, changed, state);
    expect(Object.fromEntries(detailed)).toEqual({
      build: "UPDATE",
      buildOnPreview: "UPDATE",
      imageName: "UPDATE",
      registry: "UPDATE",
      extra: "ADD",
    });
    expect([replaces, deleteBeforeReplace]).toEqual([[], false]);
  });
});

describe("create and update", () => {
  it("build and push, and keep the inputs as a secret", async () => {
    const inputs = await check(program());
    const { id, outputs } = await provider.create(urn, inputs, 0, false);
    expect(id).toBe("demo.azurecr.io/mcp/echo:0.1.0");
    expect(outputs).toEqual({
      baseImageName: "demo.azurecr.io/mcp/echo:0.1.0",
      imageName: "demo.azurecr.io/mcp/echo:0.1.0",
      registryServer: "demo.azurecr.io",
      context,
      dockerfile: "echo/Dockerfile",
      platform: "linux/amd64",
      repoDigest: digest,
      __inputs: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: inputs },
    });
    expect(await provider.update(urn, inputs, outputs, 0, false)).toEqual(outputs);
    expect(built.map(({ stay, inputs: { username, password } }) => [stay, username, password])).toEqual([
      [false, "images-push", "p"],
      [false, "images-push", "p"],
    ]);
  });

  it("say once how images are built here, and only when one is", async () => {
    const inputs = await check(program());
    expect(said).toEqual([]);
    await provider.create(urn, inputs, 0, false);
    await provider.create(urn, inputs, 0, false);
    expect(said).toEqual(["no Docker here"]);
  });

  it("do nothing in a preview, where the digest stays unknown", async () => {
    const inputs = await check(program());
    expect(await provider.create(urn, inputs, 0, true)).toEqual({ id: "", outputs: inputs });
    expect(await provider.update(urn, inputs, {}, 0, true)).toEqual(inputs);
    expect(built).toEqual([]);
  });

  it("build in a preview when they are told to and know enough, and push nothing", async () => {
    await provider.create(urn, await check(program({ buildOnPreview: true })), 0, true);
    const vague = await check(program({ buildOnPreview: true, imageName: unknown }));
    await provider.create(urn, vague, 0, true);
    expect(built.map(({ stay }) => stay)).toEqual([true]);
  });

  it("push nothing that is to stay", async () => {
    await provider.create(urn, await check(program({ skipPush: true })), 0, false);
    expect(built.map(({ stay }) => stay)).toEqual([true]);
  });

  it("do nothing after a cancel", async () => {
    const inputs = await check(program());
    provider.cancel();
    await expect(provider.create(urn, inputs, 0, false)).rejects.toThrow("the update was cancelled");
  });
});

it("reads what the state says, and deletes nothing", async () => {
  const outputs = { repoDigest: digest };
  expect(await provider.read(urn, "id", { inputs: { a: 1 }, outputs })).toEqual({
    id: "id",
    inputs: { a: 1 },
    outputs,
  });
  await provider.delete();
  expect(built).toEqual([]);
});

it("knows no other resource, and says so", async () => {
  const other = urn.replace("image:Image", "container:Container");
  expect(() => provider.diff(other, {}, {}, {})).toThrow(/does not know docker:index\/container:Container/);
});
