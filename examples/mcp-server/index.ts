/**
 * An MCP server on any cluster, without KMCP: a guard stands before it that asks for a token, limits calls and writes
 * an audit line for each. Pulumi takes the cluster of your kubeconfig.
 */
import * as pulumi from "@pulumi/pulumi";
import { McpServerDeployment, RestrictedNamespace } from "mcpaas";

const config = new pulumi.Config();

const tools = new RestrictedNamespace("tools", {});

const echo = new McpServerDeployment(
  "echo",
  {
    namespace: tools.namespace,
    runtime: "deployment",
    transport: "http",
    image: config.require("image"),
    guard: {
      image: config.require("guardImage"),
      authentication: { tokens: { desk: { roles: ["reader"] } } },
      authorization: { default: "deny", rules: [{ effect: "allow", tools: ["echo"], roles: ["reader"] }] },
    },
  },
  // The namespace's rules come before the pods.
  { dependsOn: [tools] },
);

/** Secret: `pulumi stack output tokens --show-secrets`. */
export const { url, tokens } = echo;
