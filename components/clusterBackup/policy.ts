import type { BackupInstanceArgs } from "@pulumi/azure-native/dataprotection/backupInstance.js";
import type { BackupPolicyArgs } from "@pulumi/azure-native/dataprotection/backupPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { TIME_OF_DAY } from "../forms.ts";
import { type Check, ensure, matches, wholeNumber } from "../validation.ts";

/** When backups are taken, and how long they are kept. */
export interface BackupSchedule {
  /** Hours between two backups. @default 24 */
  everyHours?: 4 | 6 | 8 | 12 | 24;
  /** When the first one of a day is taken, as HH:MM in UTC. @default "01:00" */
  startTime?: string;
  /** Days that a backup is kept, 1 to 360. @default 14 */
  retentionDays?: number;
}

/** The snapshots' store; what is copied to the vault itself would be another one. */
const STORE = { dataStoreType: "OperationalStore", objectType: "DataStoreInfoBase" } as const;

/** Source: https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-support-matrix */
const INTERVALS = [4, 6, 8, 12, 24];

/** The type of what is backed up. */
const DATASOURCE = "Microsoft.ContainerService/managedClusters";

/**
 * A backup policy and its name. Azure refuses to change a policy, so its name says what it is: another schedule is
 * another policy, to which the backups move before the old one goes.
 */
export function policyArgs(
  schedule: BackupSchedule,
): Required<Pick<BackupPolicyArgs, "backupPolicyName" | "properties">> {
  const hours = ensure("everyHours", schedule.everyHours ?? 24, interval);
  const start = ensure("startTime", schedule.startTime ?? "01:00", matches(TIME_OF_DAY));
  const days = ensure("retentionDays", schedule.retentionDays ?? 14, wholeNumber(1, 360));
  const every = hours === 24 ? "P1D" : `PT${hours}H`;
  return {
    backupPolicyName: `every-${hours}h-from-${start.replace(":", "")}-for-${days}d`,
    properties: {
      objectType: "BackupPolicy",
      datasourceTypes: [DATASOURCE],
      policyRules: [
        {
          objectType: "AzureRetentionRule",
          name: "Default",
          isDefault: true,
          lifecycles: [
            {
              deleteAfter: { objectType: "AbsoluteDeleteOption", duration: `P${days}D` },
              sourceDataStore: STORE,
              targetDataStoreCopySettings: [],
            },
          ],
        },
        {
          objectType: "AzureBackupRule",
          name: "Backup",
          backupParameters: { objectType: "AzureBackupParams", backupType: "Incremental" },
          dataStore: STORE,
          trigger: {
            objectType: "ScheduleBasedTriggerContext",
            schedule: {
              // The date is in the past: what counts is the time of day.
              repeatingTimeIntervals: [`R/2026-01-01T${start}:00+00:00/${every}`],
              timeZone: "Coordinated Universal Time",
            },
            taggingCriteria: [{ isDefault: true, taggingPriority: 99, tagInfo: { tagName: "Default" } }],
          },
        },
      ],
    },
  };
}

const interval: Check<number> = (hours) =>
  INTERVALS.includes(hours)
    ? undefined
    : `${hours} is not allowed; it must be one of ${INTERVALS.join(", ")}, in hours`;

/** What is backed up of which cluster, and where the snapshots go. */
export interface BackedUp {
  clusterId: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  policyId: pulumi.Input<string>;
  snapshotGroupId: pulumi.Input<string>;
  namespaces: string[];
}

/** The properties of the vault's entry for a cluster. */
export function instanceProperties(backedUp: BackedUp): NonNullable<BackupInstanceArgs["properties"]> {
  const { clusterId, clusterName, location, policyId, snapshotGroupId, namespaces } = backedUp;
  const cluster = {
    resourceID: clusterId,
    resourceName: clusterName,
    resourceType: DATASOURCE,
    resourceUri: clusterId,
    resourceLocation: location,
    datasourceType: DATASOURCE,
  };
  return {
    objectType: "BackupInstance",
    friendlyName: clusterName,
    dataSourceInfo: { objectType: "Datasource", ...cluster },
    dataSourceSetInfo: { objectType: "DatasourceSet", ...cluster },
    policyInfo: {
      policyId,
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: "AzureOperationalStoreParameters",
            dataStoreType: "OperationalStore",
            resourceGroupId: snapshotGroupId,
          },
        ],
        backupDatasourceParametersList: [
          {
            objectType: "KubernetesClusterBackupDatasourceParameters",
            includedNamespaces: namespaces,
            // The program makes what runs; what it can't make again is in the volumes. Secrets stay out of the backups.
            excludedResourceTypes: ["v1/Secret"],
            includeClusterScopeResources: true,
            includedVolumeTypes: ["AzureDisk", "AzureFileShareSMB"],
            snapshotVolumes: true,
          },
        ],
      },
    },
  };
}
