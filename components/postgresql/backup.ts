import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type DataDisk, usedDisk } from "../dataDisk.ts";
import { CRON_SCHEDULE } from "../forms.ts";
import { type NetworkTarget, podPolicySpec } from "../network/specs.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";
import { baseContainer, basePod, fromSecret, type PostgreSqlPods } from "./podSpec.ts";
import { FOLDERS } from "./scripts.ts";

/** Dumps of the database on a disk of their own. */
export interface PostgreSqlBackup extends DataDisk {
  /** When, as cron has it, in UTC. @default "17 3 * * *" */
  schedule?: string;
  /** How many are kept, 1 to 1000; the oldest go first. @default 7 */
  keep?: number;
  /** Size of their disk, a Kubernetes quantity. @default "10Gi" */
  size?: string;
}

/** Where everything of a backup goes. */
interface Around {
  /** Name of the component, in the stack. */
  name: string;
  /** Name of the server's objects. */
  server: string;
  namespace: pulumi.Input<string>;
  pods: PostgreSqlPods;
  configMap: string;
  secret: string;
  database: string;
  target: NetworkTarget;
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/** Labels of the pods that back up and restore, which the server must let in. */
export function backupLabels(server: string): Record<string, string> {
  return { "app.kubernetes.io/name": "postgresql-backup", "app.kubernetes.io/instance": server };
}

/**
 * Makes the CronJob that backs up, and a suspended one to start the restoring from: `kubectl create job
 * --from=cronjob/<name>-restore`. They may run on any node: the disk is theirs alone.
 */
export function makeBackups(backup: PostgreSqlBackup, around: Around): void {
  const { name, server, namespace, parent, target } = around;
  const schedule = ensure("backup.schedule", backup.schedule ?? "17 3 * * *", matches(CRON_SCHEDULE));
  const keep = ensure("backup.keep", backup.keep ?? 7, wholeNumber(1, 1000));
  const own = `${server}-backup`;
  if (`${server}-restore`.length > 52) {
    // What a CronJob's name may have. Source: k8s.io/kubernetes/pkg/apis/batch/validation.
    throw new InputPropertyError(
      "name",
      `${server} is too long for backups: it must have 44 letters or less`,
    );
  }
  const labels = backupLabels(server);
  const disk = usedDisk("backup.", backup, {
    name: `${name}-backup-data`,
    claim: own,
    size: "10Gi",
    namespace,
    parent,
  });
  const policy = new NetworkPolicy(
    `${name}-backup-network`,
    {
      metadata: { name: own, namespace },
      spec: podPolicySpec({
        podLabels: labels,
        port: target.port,
        clients: [],
        egress: [],
        targets: [target],
      }),
    },
    { parent },
  );
  const dependsOn = [policy, ...around.dependsOn, ...disk.made];
  for (const [job, script] of [
    ["backup", "backup.sh"],
    ["restore", "restore.sh"],
  ] as const) {
    new CronJob(
      `${name}-${job}`,
      {
        metadata: { name: `${server}-${job}`, namespace, labels },
        spec: {
          schedule,
          timeZone: "Etc/UTC",
          suspend: job === "restore",
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 3600,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            spec: {
              backoffLimit: job === "restore" ? 0 : 2,
              // Longer than a database of hundreds of GB takes; one that hangs must not hold up the next for ever.
              activeDeadlineSeconds: 6 * 3600,
              template: {
                metadata: { labels },
                spec: jobPodSpec(around, { claim: disk.name, script, keep }),
              },
            },
          },
        },
      },
      { parent, dependsOn },
    );
  }
}

function jobPodSpec(
  { server, pods, configMap, secret, database, target }: Around,
  { claim, script, keep }: { claim: pulumi.Input<string>; script: string; keep: number },
): input.core.v1.PodSpec {
  return {
    ...basePod(pods),
    restartPolicy: "Never",
    containers: [
      {
        ...baseContainer("postgresql", pods.image),
        command: ["sh", `${FOLDERS.scripts}/${script}`],
        env: [
          { name: "PGHOST", value: server },
          { name: "PGPORT", value: String(target.port) },
          { name: "PGDATABASE", value: database },
          { name: "PGUSER", value: database },
          fromSecret("PGPASSWORD", secret, "password"),
          { name: "BACKUPS", value: FOLDERS.backups },
          { name: "KEEP", value: String(keep) },
        ],
        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [
          { name: "backups", mountPath: FOLDERS.backups },
          { name: "scripts", mountPath: FOLDERS.scripts, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "backups", persistentVolumeClaim: { claimName: claim } },
      { name: "scripts", configMap: { name: configMap } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ],
  };
}
