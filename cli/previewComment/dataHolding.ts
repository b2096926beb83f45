/** What is lost with a resource, by its type; the first one that fits counts. */
const holders: readonly [RegExp, string][] = [
  [/^azure-native:resources:ResourceGroup$/, "everything in it"],
  [/^azure-native:containerregistry:Registry$/, "images and adapters"],
  [/^azure-native:containerservice:ManagedCluster$/, "everything in the cluster, its volumes too"],
  [/^azure-native:operationalinsights:Workspace$/, "logs"],
  [/^azure-native:monitor:AzureMonitorWorkspace$/, "metrics"],
  [/^azure-native:dashboard:Grafana$/, "dashboards made by hand"],
  [/^azure-native:(dbforpostgresql|redis|redisenterprise|documentdb|sql):/, "a database"],
  [/^azure-native:(storage|netapp):/, "files"],
  [/^azure-native:compute:(Disk|Snapshot)$/, "a disk"],
  [/^azure-native:keyvault:/, "keys and secrets"],
  [/^azure-native:(dataprotection|recoveryservices):/, "backups"],
  [/^kubernetes:core\/v1:PersistentVolume(Claim)?$/, "a volume"],
  [/^kubernetes:core\/v1:Namespace$/, "everything in the namespace, its volumes too"],
  [/^kubernetes:apps\/v1:StatefulSet$/, "its pods' place, and volumes where it deletes them"],
  [/^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/, "every object of this kind"],
];

/**
 * What is lost when a resource of this type is deleted or replaced; undefined for what is made anew without loss.
 *
 * @param type as the engine names it, with a group's version or without, as in `azure-native:keyvault/v20240101:Vault`
 */
export function dataIn(type: string): string | undefined {
  const plain = type.replace(/^(azure-native:\w+)\/v\d+(?:preview)?:/, "$1:");
  return holders.find(([pattern]) => pattern.test(plain))?.[1];
}
