import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type DataDisk, diskClass, usedDisk } from "./dataDisk.ts";
import { GeneratedKey } from "./dynamic/generatedKey.ts";
import { DNS_LABEL, SQL_NAME } from "./forms.ts";
import { shortHash } from "./names.ts";
import { closePods } from "./network/policies.ts";
import type { NetworkClient, NetworkTarget } from "./network/specs.ts";
import { backupLabels, makeBackups, type PostgreSqlBackup } from "./postgresql/backup.ts";
import { POSTGRESQL_PORT, serverPodSpec } from "./postgresql/podSpec.ts";
import { BACKUP_SCRIPT, hbaFile, prepareScript, RESTORE_SCRIPT } from "./postgresql/scripts.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, matches } from "./validation.ts";

export type { DataDeletion, DataDisk } from "./dataDisk.ts";
export type { PostgreSqlBackup } from "./postgresql/backup.ts";

/** Arguments of PostgreSql. */
export interface PostgreSqlArgs extends DataDisk {
  /** Name of the StatefulSet, the Service and all else, a DNS label. @default - the component's name */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
  /** Who may connect; [] is nobody but the backups. Those in its own namespace are also let out to it. */
  clients: NetworkClient[];
  /** Name of the database and of the role that owns it, as SQL has it without quotes. @default "app" */
  database?: string;
  /**
   * Extensions in the database, which the image must have. For "vector" there is one of pgvector's authors,
   * docker.io/pgvector/pgvector:0.8.6-pg18-trixie.
   * @default - none
   */
  extensions?: string[];
  /** Size of the disk, a Kubernetes quantity; it can grow, never shrink. @default "10Gi" */
  size?: string;
  /** Dumps of the database, or none. @default { schedule: "17 3 * * *", keep: 7, size: "10Gi" } */
  backup?: PostgreSqlBackup | "none";
  /**
   * Image of PostgreSQL 16 or newer with tag or digest, its programs on PATH. One of another major version
   * doesn't start on the disk that there is, and says so.
   * @default "docker.io/library/postgres:18.6-trixie"
   */
  image?: pulumi.Input<string>;
  /** User and group id, 1 to 65535; the image must know the user. @default 999, `postgres` on Debian */
  runAsUser?: number;
  /**
   * PostgreSQL's parameters, as in postgresql.conf.
   * @default { max_connections: "200", shared_buffers: "128MB" }; those that are given come on top
   */
  parameters?: Record<string, string>;
  /**
   * Requests and limits.
   * @default { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } }
   */
  resources?: ContainerResources;
  /** Labels of the nodes it may run on. @default - any */
  nodeSelector?: Record<string, string>;
  /** Taints that it tolerates. @default - none */
  tolerations?: input.core.v1.Toleration[];
}

/**
 * PostgreSQL inside the cluster: one pod with a disk, and backups. It meets the restricted pod security
 * standard, has a generated password, and is closed to all but its clients. There is no second pod to take
 * over: a node that is drained or lost is half a minute to some minutes without it, and no disruption budget
 * holds up the drain. Who needs more uses Azure Database for PostgreSQL by its URL.
 *
 * Connections are not encrypted, the password is never sent (SCRAM), and NetworkPolicies keep others out.
 *
 * Makes a StatefulSet, a Service, a Secret, a ConfigMap, NetworkPolicies, two CronJobs (backup, and a
 * suspended one for restoring) and two Azure disks, which are what it costs besides what its pod requests.
 */
export class PostgreSql extends pulumi.ComponentResource {
  /** postgresql://role:password@host:5432/database, a secret. */
  declare readonly url: pulumi.Output<string>;
  /** Its Service. */
  declare readonly service: pulumi.Output<{ name: string; port: number }>;
  /** Its pods, for the policies of who calls it. */
  declare readonly target: NetworkTarget;

  constructor(name: string, args: PostgreSqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PostgreSql", name, {}, opts);
    const { namespace, clients, backup = {} } = args;
    const server = ensure("name", args.name ?? name, matches(DNS_LABEL));
    const database = ensure("database", args.database ?? "app", matches(SQL_NAME));
    const extensions = (args.extensions ?? []).map((extension, i) =>
      ensure(`extensions[${i}]`, extension, matches(SQL_NAME)),
    );
    const labels = { "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": server };
    const metadata = { name: server, namespace, labels };
    const parent = { parent: this };
    this.target = {
      ...(typeof namespace === "string" ? { namespace } : {}),
      podLabels: labels,
      port: POSTGRESQL_PORT,
    };

    const own = { podLabels: backupLabels(server) };
    const policy = closePods(this, name, {
      policyName: server,
      namespace,
      podLabels: labels,
      port: POSTGRESQL_PORT,
      clients: backup === "none" ? clients : [...clients, own],
      egress: [],
    });
    const disk = usedDisk("", args, {
      name: `${name}-data`,
      claim: server,
      size: "10Gi",
      suits: diskClass,
      namespace,
      parent: this,
    });
    const password = new GeneratedKey(`${name}-password`, parent).value;
    const secret = new Secret(name, { metadata, stringData: { password } }, parent);
    const data = {
      "prepare.sh": prepareScript({ database, extensions }),
      "pg_hba.conf": hbaFile({ database, extensions }),
      "backup.sh": BACKUP_SCRIPT,
      "restore.sh": RESTORE_SCRIPT,
    };
    const config = new ConfigMap(name, { metadata, data }, parent);
    const service = new Service(
      name,
      {
        // One that the StatefulSet's pod is in; Pulumi must not wait for the pod, which comes later.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          selector: labels,
          ports: [{ name: "postgresql", port: POSTGRESQL_PORT, targetPort: "postgresql" }],
        },
      },
      parent,
    );
    const set = new StatefulSet(
      name,
      {
        metadata,
        spec: {
          // One: a second one would be another database. A StatefulSet never runs two pods on the disk.
          replicas: 1,
          serviceName: server,
          selector: { matchLabels: labels },
          template: {
            // What the pod reads at its start only.
            metadata: { labels, annotations: { "mcpaas.dev/settings": settingsHash(data, password) } },
            spec: serverPodSpec(args, { claim: disk.name, configMap: server, secret: server }),
          },
        },
      },
      { parent: this, dependsOn: [policy, secret, config, service, ...disk.made] },
    );
    if (backup !== "none") {
      makeBackups(backup, {
        name,
        server,
        namespace,
        pods: args,
        configMap: server,
        secret: server,
        database,
        target: { podLabels: labels, port: POSTGRESQL_PORT },
        parent: this,
        dependsOn: [secret, config, set],
      });
    }

    // Who uses these comes after the pod.
    this.service = set.urn.apply(() => ({ name: server, port: POSTGRESQL_PORT }));
    this.url = pulumi.secret(
      pulumi
        .all([pulumi.output(namespace), password, set.urn])
        .apply(
          ([ns, word]) =>
            `postgresql://${database}:${word}@${server}.${ns}.svc.cluster.local:${POSTGRESQL_PORT}/${database}`,
        ),
    );
    this.registerOutputs({ url: this.url, service: this.service });
  }
}

/** Changes with the scripts and the password, and tells neither: 40 bits of a hash of 256 random ones. */
function settingsHash(data: Record<string, string>, password: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.unsecret(password.apply((word) => shortHash(8, ...Object.values(data), word)));
}
