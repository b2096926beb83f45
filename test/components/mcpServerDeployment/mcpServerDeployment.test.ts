import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "../../../components/mcpServerDeployment.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const GUARD = { image: "r.io/guard:1", authentication: { none: "anyone-may-call" } };

const run = (args: Partial<McpServerDeploymentArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new McpServerDeployment("echo", {
        namespace: "mcp",
        guard: "none",
        transport: "http",
        image: "example.azurecr.io/mcp/echo:0.1.0",
        ...args,
      }),
    {},
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "McpServerDeployment, preview: $preview",
  ({ preview }) => {
    it("makes an MCPServer and waits until it is Ready", async () => {
      const { find } = await run({}, { preview });
      const server = find(SERVER);
      expect(server.inputs).toMatchObject({
        apiVersion: "kagent.dev/v1alpha1",
        kind: "MCPServer",
        metadata: {
          name: "echo",
          namespace: "mcp",
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
      });
      expect(server.customTimeouts).toEqual({ create: "10m", update: "10m", delete: "5m" });
    });

    it("tells its URL in advance", async () => {
      const { result } = await run({ port: 8080, path: "/api/mcp" }, { preview });
      expect(await resolved(result.url)).toBe("http://echo.mcp.svc.cluster.local:8080/api/mcp");
    });

    it("closes the network before the pods start", async () => {
      const { find, resources } = await run({}, { preview });
      expect(needs(resources, find(SERVER), find(POLICY, "echo-network"))).toBe(true);
      expect(find(POLICY, "echo-network").inputs.spec.podSelector.matchLabels).toEqual({
        "app.kubernetes.io/name": "echo",
        "app.kubernetes.io/instance": "echo",
      });
    });
  },
);

describe("McpServerDeployment", () => {
  it("uses one port in all four places", async () => {
    const { find } = await run({ port: 8080 });
    const { spec } = find(SERVER).inputs;
    expect(spec.deployment.port).toBe(8080);
    expect(spec.httpTransport).toEqual({ targetPort: 8080, path: "/mcp" });
    expect(spec.deployment.env).toEqual({ HOME: "/tmp", PORT: "8080" });
    expect(find(POLICY, "echo-network").inputs.spec.ingress[0].ports).toEqual([
      { protocol: "TCP", port: 8080 },
    ]);
  });

  it("meets the restricted pod security standard, root file system read-only, /tmp writable", async () => {
    const { deployment } = (await run()).find(SERVER).inputs.spec;
    expect(deployment.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(deployment.podSecurityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(deployment.volumes).toEqual([{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }]);
    expect(deployment.volumeMounts).toEqual([{ name: "tmp", mountPath: "/tmp" }]);
  });

  it("leaves HOME and PORT to whoever sets them, and PORT to the gateway of a stdio server", async () => {
    const envOf = async (args: object) => (await run(args)).find(SERVER).inputs.spec.deployment.env;
    expect(await envOf({ env: { PORT: "80", HOME: "/app", A: "1" } })).toEqual({
      HOME: "/app",
      PORT: "80",
      A: "1",
    });
    expect(await envOf({ transport: "stdio", command: "node" })).toEqual({ HOME: "/tmp" });
  });

  it("gives a stdio server's init container requests, a limit and the same security context", async () => {
    const { find } = await run({ transport: "stdio", command: "node", args: ["server.js"] });
    const { spec } = find(SERVER).inputs;
    expect(spec).toMatchObject({ transportType: "stdio", stdioTransport: {} });
    expect(spec).not.toHaveProperty("httpTransport");
    expect(spec.deployment).toMatchObject({ cmd: "node", args: ["server.js"] });
    expect(spec.deployment.initContainer).toEqual({
      resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
      securityContext: spec.deployment.securityContext,
    });
  });

  it("runs under an account of its own, without a token for the Kubernetes API", async () => {
    const { find } = await run();
    expect(find(ACCOUNT).inputs).toMatchObject({
      metadata: { name: "echo", namespace: "mcp" },
      automountServiceAccountToken: false,
    });
    expect(find(SERVER).inputs.spec.deployment.serviceAccountName).toBe("echo");
  });

  it("wires a managed identity to account and pods", async () => {
    const { find } = await run({ workloadIdentityClientId: "client" });
    expect(find(ACCOUNT).inputs.metadata.annotations).toEqual({
      "azure.workload.identity/client-id": "client",
    });
    expect(find(SERVER).inputs.spec.deployment.labels).toEqual({ "azure.workload.identity/use": "true" });
  });

  it("gives it to the server alone, and makes new pods for another one", async () => {
    const identity = { workloadIdentityClientId: pulumi.output("client") };
    const annotationsOf = async (args: object) => {
      const { annotations } = (await run({ ...identity, ...args })).find(SERVER).inputs.spec.deployment;
      const { "mcpaas.dev/spec": _, "mcpaas.dev/guard-config": __, ...others } = annotations;
      return others;
    };
    const skipped = "azure.workload.identity/skip-containers";
    const stdio = { transport: "stdio", command: "x" };
    const own = { "mcpaas.dev/client-id": "client" };
    expect(await annotationsOf({})).toEqual(own);
    expect(await annotationsOf({ guard: GUARD })).toEqual({ ...own, [skipped]: "guard" });
    expect(await annotationsOf(stdio)).toEqual({ ...own, [skipped]: "copy-binary" });
    expect(await annotationsOf({ ...stdio, guard: GUARD })).toEqual({
      ...own,
      [skipped]: "guard;copy-binary",
    });
  });

  it("passes references on by name", async () => {
    const { find } = await run({
      secretRefs: ["keys"],
      configMapRefs: ["config"],
      imagePullSecrets: ["pull"],
    });
    expect(find(SERVER).inputs.spec.deployment).toMatchObject({
      secretRefs: [{ name: "keys" }],
      configMapRefs: [{ name: "config" }],
      imagePullSecrets: [{ name: "pull" }],
    });
  });

  it("has requests and a memory limit unless told otherwise", async () => {
    expect((await run()).find(SERVER).inputs.spec.deployment.resources).toEqual({
      requests: { cpu: "50m", memory: "160Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    });
  });

  it.each(["npx", "uvx"])(
    "needs no image for %s, for which KMCP has one, but room and a way out",
    async (command) => {
      const egress = [{ cidr: "0.0.0.0/0" }];
      const { find } = await run({ transport: "stdio", image: undefined, command, args: ["x"], egress });
      const { deployment } = find(SERVER).inputs.spec;
      expect(deployment).not.toHaveProperty("image");
      expect(deployment.volumes).toEqual([{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }]);
      await expect(run({ transport: "stdio", image: undefined, command })).rejects.toThrow(
        `egress: must be the addresses of the package registry, because ${command} fetches its package`,
      );
      const withImage = await run({ transport: "stdio", command });
      expect(withImage.find(SERVER).inputs.spec.deployment.volumes[0].emptyDir.sizeLimit).toBe("64Mi");
    },
  );

  it("checks an image that comes from elsewhere", async () => {
    const digest = `r.io/a@sha256:${"0".repeat(64)}`;
    expect((await run({ image: pulumi.output(digest) })).find(SERVER).inputs.spec.deployment.image).toBe(
      digest,
    );
  });
});
