/** A built-in role: the ids are the same in every tenant. */
export interface BuiltinRole {
  /** GUID. */
  id: string;
  /** Display name. */
  name: string;
}

/** The roles that the project and its documents use; source: Azure's list of built-in roles. */
export const builtinRoles: readonly BuiltinRole[] = [
  { id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", name: "Owner" },
  { id: "b24988ac-6180-42a0-ab88-20f7382dd24c", name: "Contributor" },
  { id: "acdd72a7-3385-48ef-bd42-f606fba81ae7", name: "Reader" },
  { id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", name: "User Access Administrator" },
  { id: "7f951dda-4ed3-4680-a7ca-43fe172d538d", name: "AcrPull" },
  { id: "8311e382-0749-4cb8-b61a-304f252e45ec", name: "AcrPush" },
  { id: "c2f4ef07-c644-48eb-af81-4b1b4947fb11", name: "AcrDelete" },
  { id: "4d97b98b-1d4f-4787-a291-c67834d212e7", name: "Network Contributor" },
  { id: "f1a07417-d97a-45cb-824c-7a7467783830", name: "Managed Identity Operator" },
  { id: "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", name: "Managed Identity Contributor" },
  { id: "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", name: "Azure Kubernetes Service Cluster Admin Role" },
  { id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", name: "Azure Kubernetes Service Cluster User Role" },
  { id: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", name: "Azure Kubernetes Service RBAC Cluster Admin" },
  { id: "3498e952-d568-435e-9b2c-8d77e338d7f7", name: "Azure Kubernetes Service RBAC Admin" },
  { id: "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb", name: "Azure Kubernetes Service RBAC Writer" },
  { id: "7f6c6a51-bcf8-42ba-9220-52d62157d7db", name: "Azure Kubernetes Service RBAC Reader" },
  { id: "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", name: "Azure Kubernetes Service Contributor Role" },
  { id: "43d0d8ad-25c7-4714-9337-8ba259a9fe05", name: "Monitoring Reader" },
  { id: "749f88d5-cbae-40b8-bcfc-e573ddc772fa", name: "Monitoring Contributor" },
  { id: "3913510d-42f4-4e42-8a64-420c390055eb", name: "Monitoring Metrics Publisher" },
  { id: "b0d8363b-8ddd-447d-831f-62ca05bff136", name: "Monitoring Data Reader" },
  { id: "22926164-76b3-42b3-bc55-97df8dab3e41", name: "Grafana Admin" },
  { id: "a79a5197-3a5c-4973-a920-486035ffd60f", name: "Grafana Editor" },
  { id: "60921a7e-fef1-4a43-9b16-a26c52ad4769", name: "Grafana Viewer" },
  { id: "92aaf0da-9dab-42b6-94a3-d43ce8d16293", name: "Log Analytics Contributor" },
  { id: "73c42c96-874c-492b-b04d-ab87d138a893", name: "Log Analytics Reader" },
  { id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe", name: "Storage Blob Data Contributor" },
  { id: "4633458b-17de-408a-b874-0445c86b69e6", name: "Key Vault Secrets User" },
];

/** The built-in role with this GUID. */
export function builtinRole(id: string): BuiltinRole | undefined {
  return builtinRoles.find((role) => role.id === id.toLowerCase());
}

/** A role as the API shows it, at a scope. */
export function roleDefinition(role: BuiltinRole, scope: string): unknown {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name: role.id,
    properties: {
      roleName: role.name,
      type: "BuiltInRole",
      description: role.name,
      assignableScopes: ["/"],
      permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [] }],
    },
  };
}
