import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { inRegistry } from "../../stacks/shared/images.ts";
import { azure, KUBECONFIG, KUBELET_OBJECT_ID } from "../support/azure.ts";
import { needs, type Registered, resolved, runWithMocks } from "../support/mocks.ts";
import { mayCall, policiesOf } from "../support/networkPolicy.ts";

const SETTINGS = {
  location: "eastus",
  tags: { owner: "me" },
  cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"] } },
  mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
};

const run = (settings: object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(() => azureStack(parseSettings({ ...SETTINGS, ...settings }, "dev")), azure, options);

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const CHART = "kubernetes:helm.sh/v4:Chart";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const POOL = "azure-native:containerservice:AgentPool";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const PULL = "azure-native:authorization:RoleAssignment";
const GROUP = "azure-native:resources:ResourceGroup";

describe.each([{ preview: false }, { preview: true }])(
  "the Azure stack, preview: $preview",
  ({ preview }) => {
    it("is deleted from the top down: servers, controller, namespaces, pools, cluster, group", async () => {
      const { find, resources } = await run({}, { preview });
      const order: [string, Registered][] = [
        ["server", find(SERVER)],
        ["controller", find(CHART, "kmcp-controller")],
        ["CRDs", find(CHART, "kmcp-crds")],
        ["namespace of the servers", find(NAMESPACE, "mcp")],
        ["GPU pool", find(POOL, "aks-gpu")],
        ["cluster", find(CLUSTER)],
        ["group", find(GROUP)],
      ];
      for (const [i, [name, resource]] of order.entries()) {
        for (const [under, below] of order.slice(i + 1)) {
          expect([name, under, needs(resources, resource, below)]).toEqual([name, under, true]);
          expect([under, name, needs(resources, below, resource)]).toEqual([under, name, false]);
        }
      }
    });

    it("lets the nodes pull before a server needs its image", async () => {
      const { find, resources } = await run({}, { preview });
      expect(needs(resources, find(SERVER), find(PULL, "registry-pull"))).toBe(true);
    });

    it("puts Kubernetes resources into the stack's own cluster and nowhere else", async () => {
      const { resources } = await run({}, { preview });
      const inCluster = resources.filter((r) => r.type.startsWith("kubernetes:"));
      expect(inCluster.length).toBeGreaterThan(10);
      for (const resource of inCluster) {
        expect([resource.name, resource.provider]).toEqual([resource.name, "aks-kubernetes"]);
      }
    });

    it("knows the servers' URLs in the preview, before there is a cluster", async () => {
      const { result } = await run({}, { preview });
      expect(await resolved(result.mcpUrls)).toEqual({ echo: "http://echo.mcp.svc.cluster.local:3000/mcp" });
    });

    it("gives no two resources the same urn", async () => {
      const { resources } = await run(
        { mcpServers: { a: SETTINGS.mcpServers.echo, b: SETTINGS.mcpServers.echo } },
        { preview },
      );
      const urns = resources.map((r) => r.urn);
      expect(urns.filter((urn, i) => urns.indexOf(urn) !== i)).toEqual([]);
    });
  },
);

describe("the Azure stack", () => {
  it("names what it makes after the stack, in one group", async () => {
    const { find } = await run();
    expect(find(GROUP).inputs).toMatchObject({ resourceGroupName: "rg-mcpaas-dev", tags: { owner: "me" } });
    expect(find(CLUSTER).inputs).toMatchObject({
      resourceName: "aks-mcpaas-dev",
      resourceGroupName: "rg-mcpaas-dev",
    });
  });

  it("grants the pull right to the kubelet identity", async () => {
    const { find } = await run();
    expect(find(PULL, "registry-pull").inputs.principalId).toBe(KUBELET_OBJECT_ID);
  });

  it("takes an image without a registry from its own", async () => {
    const { find } = await run();
    expect(find(SERVER).inputs.spec.deployment.image).toMatch(
      /^mcpaas[a-z0-9]{10}\.azurecr\.io\/mcp\/echo:0\.1\.0$/,
    );
  });

  it("lets the controller see the namespace of the servers and its own", async () => {
    const { find } = await run({ mcpNamespace: "tools" });
    expect(find(CHART, "kmcp-controller").inputs.values.rbac.namespaces).toEqual(["kmcp-system", "tools"]);
    expect(find(SERVER).inputs.metadata.namespace).toBe("tools");
  });

  it("lets a client out to the server when its settings name the servers' own namespace", async () => {
    const clients = [{ namespace: "mcp", podLabels: { app: "agent" } }, { namespace: "chat" }];
    const { resources } = await run({ mcpServers: { echo: { ...SETTINGS.mcpServers.echo, clients } } });
    const policies = policiesOf(resources);
    const server = {
      namespace: "mcp",
      labels: { "app.kubernetes.io/name": "echo", "app.kubernetes.io/instance": "echo" },
    };
    expect(mayCall(policies, { namespace: "mcp", labels: { app: "agent" } }, server, 3000)).toBe(true);
    expect(mayCall(policies, { namespace: "mcp" }, server, 3000)).toBe(false);
    expect(mayCall(policies, { namespace: "chat" }, server, 3000)).toBe(true);
  });

  it("makes no pool that is switched off", async () => {
    const { resources } = await run({
      cluster: { userPool: { enabled: false }, gpuPool: { enabled: false } },
    });
    expect(resources.filter((r) => r.type === POOL)).toEqual([]);
  });

  it("exports what people need, the kubeconfig as a secret", async () => {
    const { result } = await run();
    expect(await resolved(result.resourceGroup)).toBe("rg-mcpaas-dev");
    expect(await resolved(result.clusterName)).toBe("aks-mcpaas-dev");
    expect(await resolved(result.kubeconfig)).toBe(KUBECONFIG);
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
    expect(await resolved(result.vmSizes)).toMatchObject({ gpu: "Standard_NC24ads_A100_v4" });
  });

  it("shows the kubeconfig nowhere but as a secret", async () => {
    const { resources } = await run();
    for (const resource of resources) {
      const shown = JSON.stringify(resource.inputs).includes("very-private");
      expect([resource.name, shown && !resource.secretInputs.includes("kubeconfig")]).toEqual([
        resource.name,
        false,
      ]);
    }
  });
});

describe("inRegistry", () => {
  it.each([
    ["mcp/echo:0.1.0", "own.azurecr.io/mcp/echo:0.1.0"],
    ["echo:1", "own.azurecr.io/echo:1"],
    ["ghcr.io/a/b:1", "ghcr.io/a/b:1"],
    ["localhost/a:1", "localhost/a:1"],
    ["mirror:5000/a:1", "mirror:5000/a:1"],
  ])("%s is %s", async (image, expected) => {
    expect(await resolved(pulumi.output(inRegistry(image, pulumi.output("own.azurecr.io"))))).toBe(expected);
  });
});
