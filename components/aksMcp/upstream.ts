import type { Form } from "../forms.ts";

/*
 * Facts about AKS-MCP, https://github.com/Azure/aks-mcp, at its tag v0.0.19 (commit d18f600, 2026-06-24), and
 * what came after it.
 */

/**
 * The last version that serves HTTP. v0.0.20 (2026-08-11, commit 8d28bec) speaks over standard input only.
 */
export const AKS_MCP_VERSION = "v0.0.19";

/** What upstream did, as everybody is told who switches it on. */
export const WITHDRAWN =
  `AKS-MCP is no longer meant to run in a cluster. Upstream has withdrawn its HTTP transport, its image and its ` +
  `chart with v0.0.20, and says not to expose it through HTTP, Kubernetes, a proxy or a gateway: whoever can call it ` +
  `can do what its identity may. This is ${AKS_MCP_VERSION}, which gets no more fixes. Its identity is a Reader of one ` +
  `resource group, and its guard lets in nobody without a role. See docs/aks-mcp.md`;

/**
 * Its image, by tag and digest: the tag says which version it is, the digest makes sure that it stays that.
 */
export const AKS_MCP_IMAGE: Form = {
  pattern: new RegExp(`^[^\\s:@][^\\s@]*:${AKS_MCP_VERSION.replaceAll(".", "\\.")}@sha256:[0-9a-f]{64}$`),
  words: `an image with the tag ${AKS_MCP_VERSION} and with a digest, because upstream publishes no more of them`,
  example: `ghcr.io/azure/aks-mcp:${AKS_MCP_VERSION}@sha256:${"0".repeat(64)}`,
};

/**
 * Parts that ask Azure and need nothing of a cluster. Left out: kubectl, helm, cilium, hubble and
 * inspektorgadget want a kubeconfig, which a Reader can't fetch, and for "fleet" a hub. Source:
 * internal/components/components.go.
 */
export const AKS_MCP_COMPONENTS = [
  "az_cli",
  "monitor",
  "network",
  "compute",
  "detectors",
  "advisor",
] as const;

/** A part of it, by upstream's name. @useDeclaredType */
export type AksMcpComponent = (typeof AKS_MCP_COMPONENTS)[number];

/**
 * The user of upstream's chart; the image's own has no number that its Dockerfile fixes. Source:
 * chart/values.yaml.
 */
export const AKS_MCP_USER = 1000;

/** Where the image has it. Source: Dockerfile. */
export const AKS_MCP_PROGRAM = "/usr/local/bin/aks-mcp";
