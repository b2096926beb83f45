import { Provider } from "@pulumi/kubernetes/provider.js";
import { PlatformIngress, type PlatformIngressArgs } from "../../../components/platformIngress.ts";
import { azure } from "../../support/azure.ts";
import { type Answers, runWithMocks } from "../../support/mocks.ts";

export const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
export const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
export const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
export const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

export const CHAT: PlatformIngressArgs["routes"][number] = {
  host: "chat.example.com",
  service: { name: "chat", port: 80 },
  target: { namespace: "chat", podLabels: { app: "chat" }, port: 8080 },
  authentication: "the chat app",
};
export const ECHO: PlatformIngressArgs["routes"][number] = {
  host: "echo.example.com",
  service: { name: "echo", port: 3000 },
  target: { namespace: "mcp", podLabels: { app: "echo" }, port: 3000 },
  paths: ["/mcp"],
  timeoutSeconds: 600,
  authentication: "a guard",
};

export const ARGS: PlatformIngressArgs = {
  routes: [CHAT, ECHO],
  tls: { issuer: { name: "letsencrypt-staging" } },
};

export const run = (
  args: Partial<PlatformIngressArgs> = {},
  options: { preview?: boolean; answers?: Answers } = {},
) =>
  runWithMocks(
    () =>
      new PlatformIngress(
        "front-door",
        { ...ARGS, ...args },
        { provider: new Provider("cluster", { kubeconfig: "{}" }) },
      ),
    options.answers ?? azure,
    options,
  );
