import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { AcrTokenPassword, type AcrTokenPasswordArgs } from "../../../components/acrTokenPassword.ts";
import { azure, TOKEN_PASSWORD } from "../../support/azure.ts";
import { resolved, runWithMocks } from "../../support/mocks.ts";

const PASSWORD = "pulumi-nodejs:dynamic/mcpaas:TokenPassword";
const SCOPE_MAP = "azure-native:containerregistry:ScopeMap";
const TOKEN = "azure-native:containerregistry:Token";

const make = (args: Partial<AcrTokenPasswordArgs> = {}) =>
  new AcrTokenPassword("adapters", {
    resourceGroupName: "rg",
    registryName: "demoreg1",
    loginServer: "demoreg1.azurecr.io",
    repositories: ["models/phi", "models/qwen"],
    actions: "push",
    ...args,
  });
const run = (args: Partial<AcrTokenPasswordArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(() => make(args), azure, options);

/**
 * What the engine is told explicitly by resource: secrets, order of a replacement. And the component's
 * outputs.
 */
async function watched() {
  const secretOutputs: Record<string, string[]> = {};
  const deleteFirst: Record<string, boolean> = {};
  let outputs: unknown;
  await runWithMocks(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's types know the real monitor only.
    const monitor = pulumi.runtime.getMonitor() as any;
    const { registerResource, registerResourceOutputs } = monitor;
    // biome-ignore lint/suspicious/noExplicitAny: a protobuf request.
    monitor.registerResource = (request: any, ...rest: unknown[]) => {
      const names = request.getAdditionalsecretoutputsList();
      if (names.length > 0) secretOutputs[request.getName()] = names;
      if (request.getDeletebeforereplacedefined()) {
        deleteFirst[request.getName()] = request.getDeletebeforereplace();
      }
      return registerResource.call(monitor, request, ...rest);
    };
    // biome-ignore lint/suspicious/noExplicitAny: a protobuf request.
    monitor.registerResourceOutputs = (request: any, ...rest: unknown[]) => {
      outputs = request.getOutputs().toJavaScript();
      return registerResourceOutputs.call(monitor, request, ...rest);
    };
    return make();
  }, azure);
  return { secretOutputs, deleteFirst, outputs };
}

describe.each([{ preview: false }, { preview: true }])(
  "AcrTokenPassword, preview: $preview",
  ({ preview }) => {
    it("makes a scope map, a token and its password, all below the component", async () => {
      const { resources } = await run({}, { preview });
      expect(resources.map(({ type, name, parent }) => [type, name, parent])).toEqual([
        ["mcpaas:index:AcrTokenPassword", "adapters", undefined],
        [SCOPE_MAP, "adapters-scope", "adapters"],
        [TOKEN, "adapters-token", "adapters"],
        [PASSWORD, "adapters-password", "adapters"],
      ]);
    });

    it("ties the token to the repositories, and the password to the token", async () => {
      const { find } = await run({}, { preview });
      const place = { resourceGroupName: "rg", registryName: "demoreg1" };
      expect(find(SCOPE_MAP).inputs).toMatchObject({
        ...place,
        scopeMapName: "adapters-push",
        description: "Push to models/phi, models/qwen",
        actions: [
          "repositories/models/phi/content/read",
          "repositories/models/phi/content/write",
          "repositories/models/phi/metadata/read",
          "repositories/models/qwen/content/read",
          "repositories/models/qwen/content/write",
          "repositories/models/qwen/metadata/read",
        ],
      });
      expect(find(TOKEN).inputs).toMatchObject({ ...place, tokenName: "adapters-push", status: "enabled" });
      expect(find(PASSWORD).inputs).toMatchObject({ rotationDays: 30 });
      expect(find(PASSWORD).dependencies).toContain("adapters-token");
    });
  },
);

describe("AcrTokenPassword", () => {
  it("lets a token that pulls do nothing else", async () => {
    const { find } = await run({ repositories: ["models/phi"], actions: "pull" });
    expect(find(SCOPE_MAP).inputs).toMatchObject({
      scopeMapName: "adapters-pull",
      description: "Pull from models/phi",
      actions: ["repositories/models/phi/content/read", "repositories/models/phi/metadata/read"],
    });
  });

  it("passes on how to rotate and what the token is called", async () => {
    const { find } = await run({ rotationDays: 7, rotate: pulumi.output("leaked"), tokenName: "pusher" });
    expect(find(PASSWORD).inputs).toMatchObject({
      tokenId: "adapters-token-id",
      rotationDays: 7,
      rotate: "leaked",
    });
    expect(find(TOKEN).inputs).toMatchObject({ tokenName: "pusher", scopeMapId: "adapters-scope-id" });
  });

  it("leaves the passwords that the token has alone when the token is updated", async () => {
    const { find } = await run();
    expect(find(TOKEN).ignoreChanges).toEqual(["credentials"]);
  });

  it("has a new token before the old one goes, which azure-native would do the other way round", async () => {
    const { deleteFirst } = await watched();
    expect(deleteFirst).toEqual({ "adapters-scope": false, "adapters-token": false });
  });

  it("hands out the login, the password only as a secret", async () => {
    const { result } = await run();
    expect(await resolved(result.tokenName)).toBe("adapters-push");
    expect(await resolved(result.username)).toBe("adapters-push");
    expect(await resolved(result.loginServer)).toBe("demoreg1.azurecr.io");
    expect(await resolved(result.expiresAt)).toBe("2027-01-22T10:00:00Z");
    expect(await resolved(result.password)).toBe(TOKEN_PASSWORD);
    expect(JSON.parse(await resolved(result.dockerConfigJson))).toEqual({
      auths: {
        "demoreg1.azurecr.io": {
          username: "adapters-push",
          password: TOKEN_PASSWORD,
          auth: Buffer.from(`adapters-push:${TOKEN_PASSWORD}`).toString("base64"),
        },
      },
    });
    const secret = (output: pulumi.Output<unknown>) => pulumi.isSecret(output);
    expect([await secret(result.password), await secret(result.dockerConfigJson)]).toEqual([true, true]);
    expect([await secret(result.username), await secret(result.expiresAt)]).toEqual([false, false]);
  });

  it("has the engine keep the password as a secret, and puts it in no other output", async () => {
    const { secretOutputs, outputs } = await watched();
    expect(secretOutputs).toEqual({ "adapters-password": ["password"] });
    expect(outputs).toEqual({
      tokenName: "adapters-push",
      expiresAt: "2027-01-22T10:00:00Z",
      loginServer: "demoreg1.azurecr.io",
    });
  });

  it.each([
    [{ repositories: [] }, /^repositories: names no repository/],
    [
      { repositories: ["models/phi", "models/qwen:1"] },
      /^repositories\[1\]: "models\/qwen:1" is not allowed/,
    ],
    [{ repositories: ["Models"] }, /^repositories\[0\]: "Models"/],
    [{ repositories: ["demoreg1.azurecr.io/models/*"] }, /^repositories\[0\]:/],
    [{ tokenName: "push" }, /^tokenName: "push" is not allowed; it must be 5 to 50/],
    [{ tokenName: "1pusher" }, /^tokenName: .* beginning with a letter/],
    [{ rotationDays: 0 }, /^rotationDays: 0 is not allowed; .* from 1 to 365/],
    [{ rotationDays: 1.5 }, /^rotationDays: 1\.5/],
    [{ loginServer: "https://demoreg1.azurecr.io" }, /^loginServer: .* a host without scheme and path/],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
