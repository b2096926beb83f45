import { ids } from "../world.ts";
import type { TypeRow } from "./row.ts";

const apiVersions = ["2018-11-30", "2022-01-31-preview", "2023-01-31", "2023-07-31-preview", "2024-11-30"];

/** ARM type of user-assigned identities. */
export const identityType = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** Managed identities. */
export const managedIdentityTypes: TypeRow[] = [
  {
    type: identityType,
    scope: "group",
    apiVersions,
    name: /^[A-Za-z0-9][-_A-Za-z0-9]{2,127}$/,
    located: true,
    stateful: false,
    complete({ world, path, body }) {
      body.properties = {
        tenantId: ids.tenant,
        principalId: world.uuid(`principal ${path.id}`),
        clientId: world.uuid(`client ${path.id}`),
      };
    },
  },
  {
    type: `${identityType}/federatedIdentityCredentials`,
    scope: "group",
    apiVersions,
    name: /^[A-Za-z0-9][-_A-Za-z0-9]{2,119}$/,
    stateful: false,
    rules: [
      { path: "properties.issuer", required: true, pattern: /^https:\/\// },
      { path: "properties.subject", required: true },
      { path: "properties.audiences", required: true },
    ],
  },
];
