/** The kubeconfig out of AKS's answer to a credentials call, which is base64 in the first of a list. */
export function decodeKubeconfig(credentials: { kubeconfigs?: { value?: string }[] }): string {
  const encoded = credentials.kubeconfigs?.[0]?.value;
  if (!encoded) throw new Error("AKS returned no kubeconfig for this cluster");
  return Buffer.from(encoded, "base64").toString("utf8");
}
