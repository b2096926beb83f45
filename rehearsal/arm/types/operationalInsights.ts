import { type TypeRow, withDefaults } from "./row.ts";

const skus = [
  "Free",
  "Standard",
  "Premium",
  "PerNode",
  "PerGB2018",
  "Standalone",
  "CapacityReservation",
  "LACluster",
];

/** Log Analytics. */
export const operationalInsightsTypes: TypeRow[] = [
  {
    type: "Microsoft.OperationalInsights/workspaces",
    scope: "group",
    apiVersions: ["2020-08-01", "2021-06-01", "2022-10-01", "2023-09-01", "2025-02-01", "2025-07-01"],
    name: /^[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]$/,
    located: true,
    async: true,
    rules: [
      { path: "properties.sku.name", oneOf: skus },
      { path: "properties.retentionInDays", min: 4, max: 730 },
    ],
    complete({ world, path, body }) {
      body.properties = {
        ...withDefaults(body.properties, {
          sku: { name: "PerGB2018" },
          retentionInDays: 30,
          features: { enableLogAccessUsingOnlyResourcePermissions: true },
          workspaceCapping: { dailyQuotaGb: -1 },
          publicNetworkAccessForIngestion: "Enabled",
          publicNetworkAccessForQuery: "Enabled",
        }),
        customerId: world.uuid(`customer ${path.id}`),
      };
    },
    actions: {
      sharedkeys: ({ world, resource }) => ({
        primarySharedKey: Buffer.from(world.uuid(`key 1 ${resource.id}`)).toString("base64"),
        secondarySharedKey: Buffer.from(world.uuid(`key 2 ${resource.id}`)).toString("base64"),
      }),
    },
  },
];
