import { writeFile } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";

/** Who connects to which API server. */
export interface KubeconfigContent {
  server: string;
  /** PEM. */
  ca: string;
  /** The name of cluster, user and context. */
  context: string;
  /** A client certificate, or a bearer token. */
  user: { cert: string; key: string } | { token: string };
}

/** Writes a kubeconfig that only its owner may read, and returns the path. */
export async function writeKubeconfig(path: string, content: KubeconfigContent): Promise<string> {
  const config = new KubeConfig();
  const name = content.context;
  const user =
    "token" in content.user
      ? { name, token: content.user.token }
      : { name, certData: base64(content.user.cert), keyData: base64(content.user.key) };
  config.loadFromOptions({
    clusters: [{ name, server: content.server, caData: base64(content.ca), skipTLSVerify: false }],
    users: [user],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  await writeFile(path, config.exportConfig(), { mode: 0o600 });
  return path;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
