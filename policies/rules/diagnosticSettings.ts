import { azureType, isCluster, isRegistry } from "../lib/azure.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, isRecord, Unknown } from "../lib/unknown.ts";

/** What keeps the logs of clusters and registries: who did what, when nobody was looking. */
export const diagnosticSettings = stackRule<object>({
  name: "diagnostic-settings",
  displayName: "Clusters and registries keep their logs",
  severity: "medium",
  demands: "Each AKS cluster and each container registry has a diagnostic setting that keeps logs.",
  why:
    "Who deleted the namespace, and who pulled the image, stands in logs that Azure throws away unless it is told " +
    "where to keep them.",
  fix:
    "Make a monitor.DiagnosticSetting with resourceUri of the cluster (kube-audit-admin, guard and others) and of " +
    "the registry (ContainerRegistryLoginEvents, ContainerRegistryRepositoryEvents), to a workspace.",
  config: {},
  check(resources, _config, found) {
    const settings = resources.filter(({ type }) => isSetting(type));
    for (const each of resources) {
      if (!isCluster(each.type) && !isRegistry(each.type)) continue;
      const own = settings.filter((setting) => isOf(setting, each));
      if (own.length === 0) {
        const what = isCluster(each.type) ? "cluster" : "registry";
        found.violation(`The ${what} ${each.name} has no diagnostic setting in this stack.`, each);
      } else checkKept(own, each, found);
    }
  },
});

const isSetting = azureType("monitor", "DiagnosticSetting");

/** Whose a setting is: that of the resource whose id it has, or, while that isn't known, on which it depends. */
function isOf(setting: StackResource, target: StackResource): boolean {
  const uri = dig(setting.props, "resourceUri");
  if (typeof uri !== "string") return setting.dependencies.includes(target.urn);
  const kind = isCluster(target.type) ? "managedclusters" : "registries";
  const names = ["name", "resourceName", "registryName"].map((key) => dig(target.props, key));
  return names.some(
    (name) => typeof name === "string" && uri.toLowerCase().endsWith(`/${kind}/${name.toLowerCase()}`),
  );
}

function checkKept(own: readonly StackResource[], target: StackResource, found: StackFindings) {
  const answers = own.map((setting): [StackResource, boolean | Unknown] => [
    setting,
    keepsLogs(setting.props),
  ]);
  if (answers.some(([, answer]) => answer === true)) return;
  const hidden = answers.find(([, answer]) => answer instanceof Unknown);
  if (hidden) found.unknown(hidden[1] as Unknown, hidden[0]);
  else {
    found.violation(
      `The diagnostic setting of ${target.name} keeps no logs (no entry of logs is enabled).`,
      target,
    );
  }
}

function keepsLogs(props: unknown): boolean | Unknown {
  const logs = dig(props, "logs");
  if (logs instanceof Unknown) return logs;
  const list = Array.isArray(logs) ? logs : [];
  if (list.some((each) => isRecord(each) && dig(each, "enabled") === true)) return true;
  return (
    list.flatMap((each) => [each, dig(each, "enabled")]).find((each) => each instanceof Unknown) ?? false
  );
}
