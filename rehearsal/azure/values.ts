/** What both ends of Azure Resource Manager's wire have to know of values. */

/** Whether a value is an object with named members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A region in its short form: Azure takes "East US" and "eastus" for the same. */
export function normalizeLocation(location: unknown): string {
  return String(location ?? "")
    .toLowerCase()
    .replaceAll(/\s/g, "");
}

/** The issuer that Entra ID names in tokens of version 1.0, which the application of AKS clusters has. */
export function issuerOf(tenant: string): string {
  return `https://sts.windows.net/${tenant}/`;
}
