/** The settings that say which host is the chat app's. */
interface HostSettings {
  readonly location?: string;
  readonly ingress: { readonly host?: string | undefined; readonly dnsLabel?: string | undefined };
}

/** The chat app's public host, if the ingress is to have one. Source: Azure's name for a public address. */
export function chatHost({ location, ingress }: HostSettings): string | undefined {
  if (ingress.host !== undefined) return ingress.host;
  return ingress.dnsLabel === undefined ? undefined : `${ingress.dnsLabel}.${location}.cloudapp.azure.com`;
}
