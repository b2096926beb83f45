import { groupId, groupType } from "../path.ts";
import type { Properties, Resource } from "../store.ts";
import { ids } from "../world.ts";
import { collectionEndpoint, endpointType, ruleType } from "./dataCollection.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of Azure Monitor workspaces, which keep Prometheus' metrics. */
export const monitorWorkspaceType = "Microsoft.Monitor/accounts";

/** The group that Azure makes with a workspace: there it keeps the endpoint and the rule of the workspace. */
const managedGroup = (name: unknown, location: unknown) =>
  groupId(ids.subscription, `MA_${name}_${location}_managed`);

/**
 * Azure Monitor workspaces. Sources: Microsoft.Monitor/accounts of the REST specifications (stable/2023-04-03) and
 * the answers that Azure's command line recorded (test_monitor_account.yaml).
 */
export const monitorWorkspaceTypes: TypeRow[] = [
  {
    type: monitorWorkspaceType,
    scope: "group",
    apiVersions: ["2023-04-03", "2025-05-03-preview", "2025-10-03-preview"],
    name: /^(?!-)[a-zA-Z0-9-]{3,43}[^-]$/,
    located: true,
    asyncDelete: true,
    rules: [{ path: "properties.publicNetworkAccess", oneOf: ["Enabled", "Disabled"] }],
    complete({ world, path, body }) {
      const [name = ""] = path.names;
      const location = String(body["location"]);
      const managed = managedGroup(name, location);
      const account = world.uuid(`account ${path.id}`);
      // Azure spells this id, unlike others, in lower case whatever was asked for.
      body["id"] = path.id
        .replace("/resourceGroups/", "/resourcegroups/")
        .replace(/\/providers\/[^/]+\//, "/providers/microsoft.monitor/");
      body.properties = {
        ...withDefaults(body.properties, { publicNetworkAccess: "Enabled" }),
        accountId: account,
        metrics: {
          prometheusQueryEndpoint: `https://${name.toLowerCase()}-${account.slice(0, 4)}.${location}.prometheus.monitor.azure.com`,
          internalId: `mac_${account}`,
        },
        defaultIngestionSettings: {
          dataCollectionRuleResourceId: `${managed}/providers/${ruleType}/${name}`,
          dataCollectionEndpointResourceId: `${managed}/providers/${endpointType}/${name}`,
        },
      };
    },
    accompany: managedResources,
    takesAlong: ({ name, body }) => [managedGroup(name, body["location"])],
  },
];

function managedResources({ world, path, body, existing }: Write, workspace: Resource): Resource[] {
  if (existing) {
    return [];
  }
  const [name = ""] = path.names;
  const location = body["location"];
  const base = { state: workspace.state, etag: workspace.etag, created: workspace.created };
  const made = (id: string, type: string, as: string, properties: Properties): Resource => ({
    ...base,
    ...{ id, type, name: as, body: { location, managedBy: workspace.id, properties } },
  });
  const settings = body.properties["defaultIngestionSettings"] as Record<string, string>;
  const endpointId = settings["dataCollectionEndpointResourceId"] ?? "";
  const ruleId = settings["dataCollectionRuleResourceId"] ?? "";
  const group = managedGroup(name, location);
  return [
    made(group, groupType, group.split("/").at(-1) ?? "", {}),
    made(endpointId, endpointType, name, collectionEndpoint(world, endpointId, name, String(location))),
    made(ruleId, ruleType, name, {
      immutableId: `dcr-${world.uuid(ruleId).replaceAll("-", "")}`,
      dataCollectionEndpointId: endpointId,
      dataSources: {
        prometheusForwarder: [{ name: "PrometheusDataSource", streams: ["Microsoft-PrometheusMetrics"] }],
      },
      destinations: {
        monitoringAccounts: [
          {
            accountResourceId: workspace.id,
            accountId: body.properties["accountId"],
            name: "MonitoringAccount",
          },
        ],
      },
      dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount"] }],
    }),
  ];
}
