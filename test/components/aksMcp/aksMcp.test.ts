import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { AKS_MCP_IMAGE } from "../../../components/aksMcp/upstream.ts";
import { AksMcp, type AksMcpArgs } from "../../../components/aksMcp.ts";
import { azure, SUBSCRIPTION } from "../../support/azure.ts";
import { needs, type Registered, resolved, runWithMocks } from "../../support/mocks.ts";

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const ROLE = "azure-native:authorization:RoleAssignment";

const spyOnWarnings = () => vi.spyOn(pulumi.log, "warn").mockResolvedValue();
let warn: ReturnType<typeof spyOnWarnings>;
beforeEach(() => {
  warn = spyOnWarnings();
});
afterEach(() => warn.mockRestore());

const run = (args: Partial<AksMcpArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new AksMcp("aks-mcp", {
        namespace: "mcp",
        image: AKS_MCP_IMAGE.example,
        guard: { image: "example.azurecr.io/mcp/guard:0.1.0", authentication: { tokens: { chat: {} } } },
        resourceGroupName: "rg-mcpaas",
        location: "eastus",
        oidcIssuerUrl: "https://issuer.example/",
        armEgress: [{ cidr: "20.0.0.0/24" }],
        ...args,
      }),
    azure,
    options,
  );

const guardOf = (find: (type: string) => Registered) => parse(find(CONFIG_MAP).inputs.data["guard.yaml"]);

describe.each([{ preview: false }, { preview: true }])("AksMcp, preview: $preview", ({ preview }) => {
  it("warns that upstream has withdrawn this", async () => {
    await run({}, { preview });
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/withdrawn its HTTP transport.*v0\.0\.19, which gets no more fixes/),
      expect.any(AksMcp),
    );
  });

  it("has an identity that may read one resource group, for one ServiceAccount", async () => {
    const { resources, find } = await run({ readableResourceGroup: "rg-apps" }, { preview });
    expect(find(IDENTITY).inputs).toMatchObject({
      resourceGroupName: "rg-mcpaas",
      resourceName: "id-aks-mcp",
    });
    expect(find(CREDENTIAL).inputs).toMatchObject({
      issuer: "https://issuer.example/",
      subject: "system:serviceaccount:mcp:aks-mcp",
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(resources.filter(({ type }) => type === ROLE)).toHaveLength(1);
    const { scope, roleDefinitionId } = find(ROLE).inputs;
    expect(scope).toBe(`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-apps`);
    expect(roleDefinitionId).toMatch(/acdd72a7-3385-48ef-bd42-f606fba81ae7$/);
  });

  it("starts when its identity can sign in, because it tries only once", async () => {
    const { resources, find } = await run({}, { preview });
    for (const type of [CREDENTIAL, ROLE]) {
      expect(needs(resources, find(SERVER), find(type))).toBe(true);
    }
  });
});

describe("AksMcp", () => {
  it("listens in the pod only, reads only, and has the parts for Azure only", async () => {
    const { deployment } = (await run()).find(SERVER).inputs.spec;
    const flags = deployment.args.join(" ");
    expect(deployment.cmd).toBe("/usr/local/bin/aks-mcp");
    expect(flags).toContain("--transport streamable-http --host 127.0.0.1 --port 8080");
    expect(flags).toContain("--allowed-host 127.0.0.1 --access-level readonly");
    expect(flags).toContain("--enabled-components az_cli,monitor,network,compute,detectors,advisor ");
    expect(deployment.labels).toEqual({ "azure.workload.identity/use": "true" });
  });

  it("writes nowhere but in /tmp", async () => {
    const { deployment } = (await run()).find(SERVER).inputs.spec;
    expect(deployment.securityContext).toMatchObject({ runAsUser: 1000, readOnlyRootFilesystem: true });
    expect(deployment.env).toMatchObject({ HOME: "/tmp", AZURE_CONFIG_DIR: "/tmp/.azure" });
    expect(deployment.env.AKS_MCP_COLLECT_TELEMETRY).toBe("false");
  });

  it("is let out to Entra ID and Azure Resource Manager only", async () => {
    const { egress } = (await run()).find(POLICY, "aks-mcp-network").inputs.spec;
    const cidrs = egress.map(({ to }: { to: { ipBlock: { cidr: string } }[] }) => to[0]?.ipBlock.cidr);
    expect(cidrs).toEqual([
      "20.20.32.0/19",
      "20.190.128.0/18",
      "20.231.128.0/19",
      "40.126.0.0/18",
      "20.0.0.0/24",
    ]);
  });

  it("lets in nobody without a role, unless somebody says who else", async () => {
    const strict = guardOf((await run()).find);
    expect(strict.authorization).toEqual({
      default: "deny",
      rules: [{ effect: "allow", tools: ["*"], roles: ["operator"] }],
    });
    const authorization = { default: "allow" as const };
    const guard = { image: "example/guard:1", authentication: { tokens: { chat: {} } }, authorization };
    expect(guardOf((await run({ guard })).find).authorization).toEqual(authorization);
  });

  it("gives a call a little longer than its command has", async () => {
    const { find } = await run({ timeoutSeconds: 120 });
    expect(find(SERVER).inputs.spec.deployment.args).toContain("120");
    expect(guardOf(find).limits).toMatchObject({ callSeconds: 125, concurrency: 4 });
  });

  it("tells the client id to whoever signs the pods in", async () => {
    const { find, result } = await run();
    const account = find("kubernetes:core/v1:ServiceAccount");
    expect(account.inputs.metadata.annotations).toEqual({
      "azure.workload.identity/client-id": "client-of-control-plane",
    });
    expect(await resolved(result.url)).toBe("http://aks-mcp.mcp.svc.cluster.local:3000/mcp");
  });

  it.each<[string, object, RegExp]>([
    [
      "another version",
      { image: `ghcr.io/azure/aks-mcp:v0.0.20@sha256:${"0".repeat(64)}` },
      /^image: .*v0\.0\.19/,
    ],
    ["no digest", { image: "ghcr.io/azure/aks-mcp:v0.0.19" }, /^image: .*with a digest/],
    ["no guard", { guard: "none" }, /^guard: "none" is not allowed/],
    ["no way to Azure", { armEgress: [] }, /^armEgress: must be the addresses of Azure Resource Manager/],
    [
      "a part that needs a kubeconfig",
      { enabledComponents: ["kubectl"] },
      /^enabledComponents: "kubectl" is not/,
    ],
    ["no part, which means all", { enabledComponents: [] }, /^enabledComponents: \[\] is not allowed/],
    ["the metadata address", { armEgress: [{ cidr: "169.254.169.254/32" }] }, /metadata service/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
