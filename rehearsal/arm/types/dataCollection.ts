import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of data collection endpoints. */
export const endpointType = "Microsoft.Insights/dataCollectionEndpoints";
/** ARM type of data collection rules. */
export const ruleType = "Microsoft.Insights/dataCollectionRules";
/** ARM type of what binds a resource to a rule or an endpoint. */
export const associationType = "Microsoft.Insights/dataCollectionRuleAssociations";

const apiVersions = ["2021-04-01", "2021-09-01-preview", "2022-06-01", "2023-03-11", "2024-03-11"];
// The one name under which a resource can be given an endpoint instead of a rule.
const endpointAssociation = "configurationAccessEndpoint";

/** What an endpoint offers, by its name and region. */
export function collectionEndpoint(world: World, id: string, name: string, location: string): Properties {
  const immutableId = world.uuid(`endpoint ${id}`).replaceAll("-", "");
  const host = (part: string) =>
    `https://${name.toLowerCase()}-${immutableId.slice(0, 4)}.${location}-1.${part}`;
  return {
    immutableId: `dce-${immutableId}`,
    configurationAccess: { endpoint: host("handler.control.monitor.azure.com") },
    logsIngestion: { endpoint: host("ingest.monitor.azure.com") },
    metricsIngestion: { endpoint: host("metrics.ingest.monitor.azure.com") },
    networkAcls: { publicNetworkAccess: "Enabled" },
  };
}

/** Data collection. Source: Microsoft.Insights of the REST specifications, stable/2022-06-01. */
export const dataCollectionTypes: TypeRow[] = [
  {
    type: endpointType,
    scope: "group",
    apiVersions,
    // Limits: the names that Azure's command line cuts to measure when it makes them for a cluster.
    name: /^[A-Za-z0-9][-_.A-Za-z0-9]{1,42}[A-Za-z0-9]$/,
    located: true,
    bareErrors: true,
    rules: [
      { path: "kind", oneOf: ["Linux", "Windows"] },
      {
        path: "properties.networkAcls.publicNetworkAccess",
        oneOf: ["Enabled", "Disabled", "SecuredByPerimeter"],
      },
    ],
    complete({ world, path, body }) {
      const made = collectionEndpoint(world, path.id, path.names[0] ?? "", String(body["location"]));
      body.properties = { ...made, ...withDefaults(body.properties, made), immutableId: made["immutableId"] };
    },
  },
  {
    type: ruleType,
    scope: "group",
    apiVersions,
    name: /^[A-Za-z0-9][-_.A-Za-z0-9]{1,62}[A-Za-z0-9]$/,
    located: true,
    bareErrors: true,
    rules: [
      { path: "kind", oneOf: ["Linux", "Windows", "AgentDirectToStore", "WorkspaceTransforms", "Direct"] },
      {
        path: "properties.dataSources.prometheusForwarder[].streams[]",
        oneOf: ["Microsoft-PrometheusMetrics"],
      },
    ],
    immutable: ["kind"],
    complete: completeRule,
  },
  {
    type: associationType,
    scope: "any",
    apiVersions,
    name: /^[A-Za-z0-9][-_.A-Za-z0-9]{1,62}[A-Za-z0-9]$/,
    bareErrors: true,
    complete: completeAssociation,
  },
];

function completeRule(write: Write): void {
  const { world, path, body } = write;
  const rule = body.properties;
  const named = new Set<string>();
  for (const [kind, of] of [
    ["logAnalytics", { id: "workspaceResourceId", from: "customerId", as: "workspaceId" }],
    ["monitoringAccounts", { id: "accountResourceId", from: "accountId", as: "accountId" }],
  ] as const) {
    for (const destination of listOf(rule["destinations"], kind)) {
      const target = existing(world, destination[of.id], `destinations.${kind}`);
      checkRegion(target, body["location"], `destinations.${kind}`);
      destination[of.as] = target.body.properties[of.from];
    }
  }
  for (const destination of Object.values(objectOf(rule["destinations"])).flat()) {
    const name = String(objectOf(destination)["name"]);
    if (named.has(name)) {
      throw invalid(`the destination '${name}' is there twice`, "properties.destinations");
    }
    named.add(name);
  }
  const endpoint = rule["dataCollectionEndpointId"];
  if (endpoint !== undefined) {
    checkRegion(
      existing(world, endpoint, "dataCollectionEndpointId"),
      body["location"],
      "dataCollectionEndpointId",
    );
  }
  checkFlows(rule, named);
  rule["immutableId"] = `dcr-${world.uuid(path.id).replaceAll("-", "")}`;
}

/** Data flows lead from streams that some source has to destinations that are there. */
function checkFlows(rule: Properties, destinations: ReadonlySet<string>): void {
  const sources = Object.values(objectOf(rule["dataSources"])).flat().map(objectOf);
  const streams = new Set([
    ...sources.flatMap((source) => (Array.isArray(source["streams"]) ? source["streams"] : [])),
    ...Object.keys(objectOf(rule["streamDeclarations"])),
  ]);
  const flows = Array.isArray(rule["dataFlows"]) ? rule["dataFlows"].map(objectOf) : [];
  if (flows.length === 0) {
    throw invalid("it has no data flow", "properties.dataFlows");
  }
  flows.forEach((flow, index) => {
    const at = `properties.dataFlows[${index}]`;
    const to = Array.isArray(flow["destinations"]) ? flow["destinations"] : [];
    const stray = to.find((name) => !destinations.has(String(name)));
    if (to.length === 0 || stray !== undefined) {
      throw invalid(`it has no destination '${stray ?? ""}'`, `${at}.destinations`);
    }
    for (const stream of Array.isArray(flow["streams"]) ? flow["streams"] : []) {
      if (!streams.has(stream)) {
        throw invalid(`no data source has the stream '${stream}'`, `${at}.streams`);
      }
    }
  });
}

function completeAssociation({ world, path, body }: Write): void {
  const rule = body.properties["dataCollectionRuleId"];
  const endpoint = body.properties["dataCollectionEndpointId"];
  if ((rule === undefined) === (endpoint === undefined)) {
    throw invalid("it names either a rule or an endpoint, and not both", "properties.dataCollectionRuleId");
  }
  if ((endpoint !== undefined) !== (path.names[0] === endpointAssociation)) {
    throw invalid(`an association with an endpoint, and no other, is called ${endpointAssociation}`, "name");
  }
  existing(world, rule ?? endpoint, "dataCollectionRuleId");
}

function existing(world: World, id: unknown, at: string): Resource {
  const found = world.store.get(String(id));
  if (!found) {
    throw invalid(`'${id}' was not found`, `properties.${at}`);
  }
  return found;
}

// Source: https://learn.microsoft.com/azure/azure-monitor/essentials/data-collection-endpoint-overview
function checkRegion(target: Resource, location: unknown, at: string): void {
  if (target.body["location"] !== location) {
    throw invalid(
      `'${target.id}' is in ${target.body["location"]} and the rule in ${location}`,
      `properties.${at}`,
    );
  }
}

function objectOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

function listOf(value: unknown, name: string): Properties[] {
  const list = objectOf(value)[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function invalid(reason: string, target: string): Error {
  return refusal(400, "InvalidPayload", `Data collection rule is invalid: ${reason}.`, target);
}
