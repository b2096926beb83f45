import { isObject } from "../../azure/values.ts";
import { clusterType } from "../agentPools.ts";
import { refusal } from "../errors.ts";
import type { Properties, Resource } from "../store.ts";
import { registryType } from "./registry.ts";
import type { TypeRow, Write } from "./row.ts";

const type = "Microsoft.Insights/diagnosticSettings";
const sinks = [
  ...["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "serviceBusRuleId"],
  "marketplacePartnerId",
];

interface Categories {
  logs: readonly string[];
  /** Those of the logs that are in the group `audit`; the group `allLogs` has them all. */
  audit: readonly string[];
  metrics: readonly string[];
}

/**
 * What can be sent, by the lower-cased type of the resource that it is about. Source: the tables "Supported resource logs"
 * at https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/ for the two types.
 */
const categories: Readonly<Record<string, Categories>> = {
  [clusterType.toLowerCase()]: {
    logs: [
      ...["cloud-controller-manager", "cluster-autoscaler", "csi-azuredisk-controller"],
      ...["csi-azurefile-controller", "csi-snapshot-controller", "fleet-mcs-controller-manager"],
      ...["fleet-member-agent", "fleet-member-net-controller-manager", "guard", "karpenter-events"],
      ...["kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler"],
    ],
    audit: ["guard", "kube-audit", "kube-audit-admin"],
    metrics: ["AllMetrics"],
  },
  [registryType.toLowerCase()]: {
    logs: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
    audit: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
    metrics: ["AllMetrics"],
  },
};

/** Where a resource's own logs and metrics go. Source: the REST specifications, preview/2021-05-01-preview. */
export const diagnosticSettingTypes: TypeRow[] = [
  {
    type,
    scope: "any",
    apiVersions: ["2021-05-01-preview"],
    name: /^[^*<>%:&?\\/]{1,260}$/,
    stateful: false,
    bareErrors: true,
    complete: completeSetting,
  },
];

function completeSetting(write: Write): void {
  const { world, path, body, existing } = write;
  const setting = body.properties;
  const target = world.store.get(path.scope);
  const offered = categories[target?.type.toLowerCase() ?? ""];
  if (!target || !offered) {
    throw refusal(
      400,
      "ResourceTypeNotSupported",
      `The resource '${path.scope}' has no diagnostic settings here.`,
    );
  }
  const workspace = setting["workspaceId"];
  if (!sinks.some((sink) => setting[sink] !== undefined)) {
    throw refusal(400, "BadRequest", "At least one data sink needs to be specified.");
  }
  if (workspace !== undefined && !world.store.get(String(workspace))) {
    throw refusal(404, "ResourceNotFound", `The Resource '${workspace}' was not found.`);
  }
  for (const list of ["logs", "metrics"] as const) {
    setting[list] = entries(setting, list).map((entry) => {
      checkEntry(entry, offered, list);
      return { ...entry, retentionPolicy: { enabled: false, days: 0 } };
    });
  }
  const own = sent(setting, offered);
  if (own.length === 0) {
    throw refusal(400, "BadRequest", "At least one category of logs or metrics needs to be enabled.");
  }
  const others = world.store
    .ofType(type, target.id)
    .filter((other) => other.id.toLowerCase() !== path.id.toLowerCase());
  if (others.length >= 5 && !existing) {
    throw refusal(
      409,
      "Conflict",
      `The resource '${target.id}' has the most diagnostic settings that it can have: 5.`,
    );
  }
  for (const other of others) {
    refuseSameSink(setting, own, other, sent(other.body.properties, offered));
  }
}

function checkEntry(entry: Properties, offered: Categories, list: "logs" | "metrics"): void {
  const { category, categoryGroup } = entry;
  if ((category === undefined) === (categoryGroup === undefined)) {
    throw refusal(400, "BadRequest", "Exactly one of category and categoryGroup needs to be specified.");
  }
  if (category !== undefined && !offered[list].includes(String(category))) {
    throw refusal(400, "BadRequest", `Category '${category}' is not supported.`);
  }
  if (
    categoryGroup !== undefined &&
    (list === "metrics" || !["allLogs", "audit"].includes(String(categoryGroup)))
  ) {
    throw refusal(400, "BadRequest", `Category group '${categoryGroup}' is not supported.`);
  }
  const { enabled, days } = (
    isObject(entry["retentionPolicy"]) ? entry["retentionPolicy"] : {}
  ) as Properties;
  if (enabled === true && Number(days) > 0) {
    throw refusal(
      400,
      "BadRequest",
      "Diagnostic settings does not support retention for new diagnostic settings.",
    );
  }
}

/** The categories that a setting sends, groups taken apart. */
function sent(setting: Properties, offered: Categories): string[] {
  return ["logs", "metrics"].flatMap((list) =>
    entries(setting, list)
      .filter((entry) => entry["enabled"] === true)
      .flatMap(({ category, categoryGroup }) =>
        category === undefined
          ? categoryGroup === "audit"
            ? offered.audit
            : offered.logs
          : [String(category)],
      ),
  );
}

function refuseSameSink(setting: Properties, own: string[], other: Resource, theirs: string[]): void {
  for (const sink of sinks) {
    const [here, there] = [setting[sink], other.body.properties[sink]].map((id) =>
      String(id ?? "").toLowerCase(),
    );
    const shared =
      here !== "" && here === there ? own.find((category) => theirs.includes(category)) : undefined;
    if (shared) {
      throw refusal(
        409,
        "Conflict",
        `Data sink '${setting[sink]}' is already used in diagnostic setting '${other.name}' for category '${shared}'. Data sinks can't be reused in different settings on the same category for the same resource.`,
      );
    }
  }
}

function entries(setting: Properties, list: string): Properties[] {
  const found = setting[list];
  return Array.isArray(found) ? found.filter(isObject) : [];
}
