import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type DataDisk, diskClass, usedDisk } from "./dataDisk.ts";
import { GeneratedKey } from "./dynamic/generatedKey.ts";
import { DNS_LABEL } from "./forms.ts";
import { shortHash } from "./names.ts";
import { closePods } from "./network/policies.ts";
import type { NetworkClient, NetworkTarget } from "./network/specs.ts";
import { REDIS_PORT, valkeyConf } from "./redis/config.ts";
import { redisPodSpec } from "./redis/podSpec.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, matches, wholeNumber } from "./validation.ts";

/** Arguments of Redis. */
export interface RedisArgs extends DataDisk {
  /** Name of the StatefulSet, the Service and all else, a DNS label. @default - the component's name */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
  /** Who may connect; [] is nobody. Those in its own namespace are also let out to it. */
  clients: NetworkClient[];
  /** Size of the disk, a Kubernetes quantity; it can grow, never shrink. @default "1Gi" */
  size?: string;
  /**
   * What the data may take, in MiB, 16 to 65536; writes fail beyond it. The limit of memory should be twice
   * as much, because the file is written anew by a copy of the process.
   * @default 128
   */
  maxMemoryMiB?: number;
  /** Image of Valkey with tag or digest. @default "docker.io/valkey/valkey:9.1.1" */
  image?: pulumi.Input<string>;
  /** User and group id, 1 to 65535. @default 999 */
  runAsUser?: number;
  /**
   * Requests and limits.
   * @default { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } }
   */
  resources?: ContainerResources;
  /** Labels of the nodes it may run on. @default - any */
  nodeSelector?: Record<string, string>;
  /** Taints that it tolerates. @default - none */
  tolerations?: input.core.v1.Toleration[];
}

/**
 * What the replicas of an app tell each other through, by Redis' protocol: one pod of Valkey with a disk. It
 * meets the restricted pod security standard, has a generated password, and is closed to all but its
 * clients. While its pod is away, so is what uses it; no disruption budget holds up a node's drain. Who needs
 * more uses Azure Managed Redis by its URL.
 *
 * Valkey, because it is what Redis was before its licence changed: BSD, under the Linux Foundation, and Open
 * WebUI's client (redis-py) speaks to both alike. Redis 8 is AGPL, RSAL or SSPL.
 *
 * Connections are not encrypted, which includes the password; NetworkPolicies keep others out.
 *
 * Makes a StatefulSet, a Service, a Secret, NetworkPolicies and an Azure disk, which is what it costs besides
 * what its pod requests.
 */
export class Redis extends pulumi.ComponentResource {
  /** redis://:password@host:6379/0, a secret. */
  declare readonly url: pulumi.Output<string>;
  /** Its Service. */
  declare readonly service: pulumi.Output<{ name: string; port: number }>;
  /** Its pods, for the policies of who calls it. */
  declare readonly target: NetworkTarget;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:Redis", name, {}, opts);
    const { namespace, clients } = args;
    const server = ensure("name", args.name ?? name, matches(DNS_LABEL));
    const maxMemoryMiB = ensure("maxMemoryMiB", args.maxMemoryMiB ?? 128, wholeNumber(16, 65536));
    const labels = { "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": server };
    const metadata = { name: server, namespace, labels };
    const parent = { parent: this };
    this.target = {
      ...(typeof namespace === "string" ? { namespace } : {}),
      podLabels: labels,
      port: REDIS_PORT,
    };

    const policy = closePods(this, name, {
      policyName: server,
      namespace,
      podLabels: labels,
      port: REDIS_PORT,
      clients,
      egress: [],
    });
    const place = { namespace, parent: this };
    const child = { name: `${name}-data`, claim: server, size: "1Gi", suits: diskClass, ...place };
    const disk = usedDisk("", args, child);
    const password = new GeneratedKey(`${name}-password`, parent).value;
    const config = password.apply((word) => valkeyConf({ password: word, maxMemoryMiB }));
    const secret = new Secret(name, { metadata, stringData: { password, "valkey.conf": config } }, parent);
    const service = new Service(
      name,
      {
        // One that the StatefulSet's pod is in; Pulumi must not wait for the pod, which comes later.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector: labels, ports: [{ name: "redis", port: REDIS_PORT, targetPort: "redis" }] },
      },
      parent,
    );
    const set = new StatefulSet(
      name,
      {
        metadata,
        spec: {
          // One: a second one would know nothing of the first. A StatefulSet never runs two pods on the disk.
          replicas: 1,
          serviceName: server,
          selector: { matchLabels: labels },
          template: {
            // What the pod reads at its start only. 40 bits of a hash of 256 random ones tell nothing.
            metadata: {
              labels,
              annotations: {
                "mcpaas.dev/settings": pulumi.unsecret(config.apply((text) => shortHash(8, text))),
              },
            },
            spec: redisPodSpec(args, { claim: disk.name, secret: server }),
          },
        },
      },
      { parent: this, dependsOn: [policy, secret, service, ...disk.made] },
    );

    // Who uses these comes after the pod.
    this.service = set.urn.apply(() => ({ name: server, port: REDIS_PORT }));
    this.url = pulumi.secret(
      pulumi
        .all([pulumi.output(namespace), password, set.urn])
        .apply(([ns, word]) => `redis://:${word}@${server}.${ns}.svc.cluster.local:${REDIS_PORT}/0`),
    );
    this.registerOutputs({ url: this.url, service: this.service });
  }
}
