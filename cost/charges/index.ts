import { always, type Charges, textOf } from "../charge.ts";
import { claim, statefulSet } from "./disks.ts";
import { virtualMachine, virtualMachines } from "./machines.ts";
import { grafana, logAlert, logicApp, logWorkspace, metricsWorkspace } from "./monitoring.ts";
import { dnsZone, gateway, privateEndpoint, privateZone, service } from "./network.ts";
import { agentPool, keptNodes, managedCluster } from "./nodes.ts";
import { backupInstance, postgresqlServer, storageAccount } from "./production.ts";

const registry: Charges = (resource, { prices, hours }) => [
  always(prices.meter(`acr-${(textOf(resource, "sku.name") ?? "Basic").toLowerCase()}`), hours),
];

/** What each type of resources is charged for. */
const charged: Record<string, Charges> = {
  "azure-native:containerservice:ManagedCluster": managedCluster,
  "azure-native:containerservice:AgentPool": agentPool,
  "azure-native:compute:VirtualMachine": virtualMachine,
  "azure-native:compute:VirtualMachineScaleSet": virtualMachines,
  "azure-native:containerregistry:Registry": registry,
  "azure-native:operationalinsights:Workspace": logWorkspace,
  "azure-native:monitor:AzureMonitorWorkspace": metricsWorkspace,
  "azure-native:monitor:ScheduledQueryRule": logAlert,
  "azure-native:dashboard:Grafana": grafana,
  "azure-native:logic:Workflow": logicApp,
  "azure-native:dns:Zone": dnsZone,
  "azure-native:privatedns:PrivateZone": privateZone,
  "azure-native:network:PrivateEndpoint": privateEndpoint,
  "azure-native:dbforpostgresql:Server": postgresqlServer,
  "azure-native:dataprotection:BackupInstance": backupInstance,
  "azure-native:storage:StorageAccount": storageAccount,
  "kubernetes:core/v1:PersistentVolumeClaim": claim,
  "kubernetes:apps/v1:StatefulSet": statefulSet,
  "kubernetes:apps/v1:Deployment": keptNodes,
  "kubernetes:core/v1:Service": service,
  "kubernetes:gateway.networking.k8s.io/v1:Gateway": gateway,
};

/**
 * Azure's types that cost nothing by themselves, or by use that is charged elsewhere: what a data collection rule takes
 * in is charged to its workspace, a Prometheus rule's queries to the Azure Monitor workspace, notifications by the
 * hundred thousand.
 */
const free = new Set(
  [
    ...["resources:ResourceGroup", "managedidentity:UserAssignedIdentity"],
    ...["managedidentity:FederatedIdentityCredential", "authorization:RoleAssignment"],
    ...["containerservice:MaintenanceConfiguration", "containerregistry:ScopeMap", "containerregistry:Token"],
    ...["dns:RecordSet", "privatedns:PrivateRecordSet", "applicationinsights:Workbook"],
    ...["dashboard:Dashboard", "dashboard:DashboardDefinition", "monitor:DataCollectionEndpoint"],
    ...["monitor:DataCollectionRule", "monitor:DataCollectionRuleAssociation", "monitor:DiagnosticSetting"],
    ...["monitor:ActionGroup", "alertsmanagement:PrometheusRuleGroup"],
    ...["alertsmanagement:AlertProcessingRuleByName", "authorization:ManagementLockByScope"],
    ...["network:VirtualNetwork", "network:Subnet", "network:PrivateDnsZoneGroup"],
    ...["privatedns:VirtualNetworkLink", "dbforpostgresql:Database", "storage:BlobContainer"],
    ...["dataprotection:BackupVault", "dataprotection:BackupPolicy", "kubernetesconfiguration:Extension"],
    ...["containerservice:TrustedAccessRoleBinding"],
  ].map((type) => `azure-native:${type}`),
);

/**
 * A type of Azure's as the lists here spell it: with neither the API version in its module
 * (`azure-native:dns/v20230701preview:Zone`) nor that of an SDK made for one
 * (`azure-native_dns_v20230701preview:dns:Zone`).
 */
function plain(type: string): string {
  return type.replace(/^azure-native(?:_\w+_v\w+)?:(\w+)(?:\/v\w+)?:(\w+)$/, "azure-native:$1:$2");
}

/** What a type is charged for; "free" costs nothing by itself; undefined is a type that nobody has thought of. */
export function chargesOf(type: string): Charges | "free" | undefined {
  const name = plain(type);
  if (Object.hasOwn(charged, name)) return charged[name];
  // What else runs in the cluster runs on its nodes, and the rest isn't Azure's.
  return free.has(name) || !name.startsWith("azure") ? "free" : undefined;
}
