import { parse, stringify } from "yaml";

/** The ways to sign in that make sense without a person at the keyboard, and the one with. */
export type KubeloginMode = "azurecli" | "workloadidentity" | "spn" | "msi" | "devicecode";

/** The kubeconfig out of AKS's answer to a credentials call, which is base64 in the first of a list. */
export function decodeKubeconfig(credentials: { kubeconfigs?: { value?: string }[] }): string {
  const encoded = credentials.kubeconfigs?.[0]?.value;
  if (!encoded) throw new Error("AKS returned no kubeconfig for this cluster");
  return Buffer.from(encoded, "base64").toString("utf8");
}

/**
 * Changes how `kubelogin` signs in. AKS writes "devicecode", which asks a person to open a browser. Other ways find
 * the client and the tenant in their environment, so AKS's client id, meant for people, has to go with it.
 */
export function withLogin(kubeconfig: string, mode: KubeloginMode): string {
  if (mode === "devicecode") return kubeconfig;
  const config: KubeconfigFile = parse(kubeconfig);
  for (const { user } of config.users ?? []) {
    const args = user?.exec?.args;
    if (args === undefined || !user?.exec?.command?.endsWith("kubelogin")) continue;
    const keep = ["--environment", "--server-id"].flatMap((flag) => {
      const at = args.indexOf(flag);
      return at === -1 ? [] : args.slice(at, at + 2);
    });
    user.exec.args = ["get-token", ...keep, "--login", mode];
  }
  return stringify(config);
}

interface KubeconfigFile {
  users?: { user?: { exec?: { command?: string; args?: string[] } } }[];
}
