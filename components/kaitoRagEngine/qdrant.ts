import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { GeneratedKey } from "../dynamic/generatedKey.ts";
import type { ContainerResources } from "../resources.ts";
import { InputPropertyError, validatedInput } from "../validation.ts";
import { serviceUrl } from "./address.ts";
import { type CalledService, checkedPods, type ServicePods } from "./network.ts";
import { QDRANT_PORT, qdrantPodSpec } from "./qdrantPod.ts";
import { secretName } from "./secretName.ts";
import { usedClaim } from "./volume.ts";

/**
 * Qdrant as the vector store, which searches by words as well as by meaning, and keeps what it was told
 * whatever happens to the RAG engine. Exactly one of `deploy` and `url`.
 */
export interface RagQdrant {
  /** Run one here: one pod, a disk, and a generated key that only the RAG engine gets. @default false */
  deploy?: boolean;
  /** URL of one that exists; without a port its own 6333 is meant, for https too. */
  url?: pulumi.Input<string>;
  /** Name of a Secret whose key VECTOR_DB_ACCESS_SECRET is the API key, with `url`. @default - none */
  accessSecret?: pulumi.Input<string>;
  /** Its pods, when `url` is that of a Service. @default - all of its namespace, on the URL's port */
  pods?: ServicePods;
  /** Size of the disk, a Kubernetes quantity; it can grow. @default "10Gi" */
  size?: string;
  /** Storage class of the disk; Qdrant needs a block device, no network share. @default "managed-csi" */
  storageClass?: string;
  /**
   * Name of a PersistentVolumeClaim to use instead.
   * @default - one is made, which goes with the RAG engine
   */
  existingClaim?: pulumi.Input<string>;
  /** Image with tag or digest, for a mirror. @default "docker.io/qdrant/qdrant:v1.15.2" */
  image?: pulumi.Input<string>;
  /**
   * Requests and limits. Vectors and index are in memory: about 1.5 x 4 bytes x dimensions (384 for the
   * default embedding) for each piece of text.
   * @default { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } }
   */
  resources?: ContainerResources;
  /** Labels of the nodes it may run on. @default - any */
  nodeSelector?: Record<string, string>;
}

/** The key that KAITO reads in an access secret. Source: VectorDBConfig in ragengine_types.go, v0.11.0. */
export const ACCESS_KEY = "VECTOR_DB_ACCESS_SECRET";

/** What applies to one that is deployed here, and what to one that exists. */
const ONLY_DEPLOYED = [
  "size",
  "storageClass",
  "existingClaim",
  "image",
  "resources",
  "nodeSelector",
] as const;
const ONLY_EXISTING = ["accessSecret", "pods"] as const;

/** Says what in the arguments of Qdrant doesn't go together. */
export function checkQdrant(qdrant: RagQdrant): void {
  const { deploy = false, url } = qdrant;
  if (deploy === (url !== undefined)) {
    const count = deploy ? "only one" : "one";
    throw new InputPropertyError("qdrant", `must have ${count} of deploy: true and url`);
  }
  const useless = (deploy ? ONLY_EXISTING : ONLY_DEPLOYED).find((key) => qdrant[key] !== undefined);
  if (useless !== undefined) {
    throw new InputPropertyError(
      `qdrant.${useless}`,
      `has no effect with ${deploy ? "deploy: true" : "url"}`,
    );
  }
}

/** A Qdrant that the RAG engine can use, and what has to be there before. */
export interface UsedQdrant {
  /** `spec.storage.vectorDB` of the RAGEngine. */
  spec: { engine: "qdrant"; url: pulumi.Input<string>; accessSecret?: pulumi.Input<string> };
  service: CalledService;
  resources: pulumi.Resource[];
}

/** Where everything around a RAG engine goes. */
export interface Around {
  /** Name of the component, in the stack. */
  name: string;
  /** Name of the RAGEngine. */
  engine: string;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  parent: pulumi.Resource;
}

/** Finds or deploys the Qdrant of a RAG engine. */
export function usedQdrant(qdrant: RagQdrant, around: Around): UsedQdrant {
  checkQdrant(qdrant);
  if (qdrant.url === undefined) return deployed(qdrant, around);
  const { accessSecret } = qdrant;
  const url = validatedInput("qdrant.url", qdrant.url, serviceUrl);
  return {
    spec: {
      engine: "qdrant",
      url,
      accessSecret: secretName("qdrant.accessSecret", accessSecret, ACCESS_KEY),
    },
    service: { url, defaultPort: QDRANT_PORT, pods: checkedPods("qdrant.pods", qdrant.pods) },
    resources: [],
  };
}

function deployed(qdrant: RagQdrant, { name, engine, namespace, podLabels, parent }: Around): UsedQdrant {
  const own = `${engine}-qdrant`;
  const labels = { "app.kubernetes.io/name": "qdrant", "app.kubernetes.io/instance": own };
  const metadata = { name: own, namespace, labels };
  const opts = { parent };
  const claim = usedClaim("qdrant", qdrant, { name: `${name}-qdrant-data`, claim: own, namespace, parent });
  const key = new GeneratedKey(`${name}-qdrant-key`, opts);
  const secret = new Secret(`${name}-qdrant`, { metadata, stringData: { [ACCESS_KEY]: key.value } }, opts);
  const policy = new NetworkPolicy(
    `${name}-qdrant-network`,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: podLabels } }],
            ports: [{ protocol: "TCP", port: QDRANT_PORT }],
          },
        ],
        egress: [],
      },
    },
    opts,
  );
  const service = new Service(
    `${name}-qdrant`,
    {
      // One that the StatefulSet's pod is in; Pulumi must not wait for the pod, which comes later.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector: labels, ports: [{ name: "http", port: QDRANT_PORT, targetPort: "http" }] },
    },
    opts,
  );
  const set = new StatefulSet(
    `${name}-qdrant`,
    {
      metadata,
      spec: {
        // One: replicas of Qdrant would be a cluster. A StatefulSet never runs a second pod on the disk.
        replicas: 1,
        serviceName: own,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: qdrantPodSpec(qdrant, { claim: claim.name, secret: own, key: ACCESS_KEY }),
        },
      },
    },
    { ...opts, dependsOn: [policy, secret, service, ...claim.made] },
  );
  const url = pulumi.interpolate`http://${own}.${namespace}.svc.cluster.local:${QDRANT_PORT}`;
  return {
    spec: { engine: "qdrant", url, accessSecret: own },
    service: { url, pods: { podLabels: labels, port: QDRANT_PORT } },
    resources: [set],
  };
}
