import type * as pulumi from "@pulumi/pulumi";
import type { AcrForAks } from "../../components/acrForAks.ts";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { KedaPrometheus } from "../../components/autoscaling/scaledObject.ts";
import { KaitoInstall } from "../../components/kaitoInstall.ts";
import { KaitoRagEngine, type RagGuardrails } from "../../components/kaitoRagEngine.ts";
import { type KaitoAutoscaling, KaitoWorkspace } from "../../components/kaitoWorkspace.ts";
import type { McpClient } from "../../components/mcpServerDeployment.ts";
import { RestrictedNamespace } from "../../components/restrictedNamespace.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { gpuPools } from "../settings/gpuPools.ts";
import { replicasOf } from "../settings/replicas.ts";
import type { Settings } from "../settings.ts";
import { callsEngine, callsModel, withChat } from "../shared/chatPartners.ts";
import { ownClients } from "../shared/clients.ts";
import { mutable } from "../shared/mutable.ts";
import { exemptionOf } from "../shared/podSecurity.ts";
import { kaitoNodes, settingsOfNodes } from "./kaitoNodes.ts";
import { modelToken } from "./modelToken.ts";
import { registryEgress } from "./privateRegistry.ts";
import { tuningJobs } from "./tuningJobs.ts";

/** What the AI half stands on. */
export interface Foundation {
  cluster: AksWithGpuPool;
  registry: AcrForAks;
  resourceGroupName: pulumi.Input<string>;
  /** Where KEDA asks how many requests wait; there when a model scales by that. */
  prometheus?: KedaPrometheus;
  /** Addresses of private endpoints, the registry's among them; undefined where it has none. */
  registryRange?: string;
}

/** KAITO, and what it serves, retrieves and tunes; addresses by name, in the cluster. Nothing when it is off. */
export function aiHalf(settings: Settings, foundation: Foundation) {
  if (settings.kaito.mode === "off") {
    return {
      modelUrls: {},
      ragUrls: {},
      adapters: {},
      models: noModels,
      ragEngines: noEngines,
      kaito: undefined,
    };
  }
  const { cluster } = foundation;
  const inCluster = { provider: cluster.provider };
  const kaito = install(settings, cluster);
  const namespace = new RestrictedNamespace(
    "models",
    {
      namespace: settings.modelNamespace,
      podSecurityExemption: exemptionOf(settings, "models"),
      // They take what a node has; KAITO sets no limits, and a default one would end them.
      defaultMemoryLimit: "none",
      quota: { pods: "100", persistentvolumeclaims: "50" },
    },
    { ...inCluster, dependsOn: [cluster] },
  );
  const opened = registryEgress(settings, foundation.registryRange, namespace.namespace, {
    ...inCluster,
    dependsOn: [namespace],
  });
  const onKaito = { ...inCluster, dependsOn: [namespace, kaito, ...opened] };
  const nodesOf = kaitoNodes(settings, cluster, kaito, {
    namespace: namespace.namespace,
    options: { ...inCluster, dependsOn: [namespace] },
  });
  const place = { settings, foundation, namespace: namespace.namespace, nodesOf, options: onKaito };

  const jobs = tuningJobs(place);
  const models = new Map(
    Object.entries(settings.models).map(([name, { pool, vmSize, adapters, ...model }]) => {
      const { nodes, usable } = nodesOf({ name, pool, vmSize, pods: replicasOf(model).least });
      const served = argumentsFrom(
        `mcpaas:models.${name}`,
        () => {
          const { clients, autoscaling, ...args } = mutable(model);
          return new KaitoWorkspace(
            name,
            {
              ...args,
              ...(autoscaling && { inferenceSet: { autoscaling: scaled(autoscaling, foundation) } }),
              namespace: namespace.namespace,
              nodes: { ...nodes, poolId: usable?.ready },
              clients: withEngines(
                settings,
                name,
                withChat(settings, callsModel(settings, name), ownClients(clients, settings.modelNamespace)),
              ),
              adapters: adapters.map(({ tuningJob, ...adapter }) =>
                tuningJob === undefined
                  ? mutable({ ...adapter, name: adapter.name ?? name })
                  : jobs.adapter(tuningJob, mutable(adapter)),
              ),
              accessToken: modelToken(settings, model),
            },
            onKaito,
          );
        },
        settingsOfNodes(settings, pool, `models.${name}`),
      );
      return [name, served] as const;
    }),
  );
  const engines = Object.entries(settings.ragEngines).map(
    ([name, { inference, nodeSelector, ...engine }]) => {
      const made = argumentsFrom(`mcpaas:ragEngines.${name}`, () => {
        const { clients, guardrails, ...args } = mutable(engine);
        return new KaitoRagEngine(
          name,
          {
            ...args,
            namespace: namespace.namespace,
            clients: withChat(
              settings,
              callsEngine(settings, name),
              ownClients(clients, settings.modelNamespace),
            ),
            // The component checks every field of a policy, and the settings none.
            guardrails: guardrails as RagGuardrails | undefined,
            // It tolerates the GPU pools' taint, and has no business there.
            nodeSelector: mutable(nodeSelector) ?? cluster.poolLabels["user"] ?? cluster.poolLabels["system"],
            inference: inference && {
              ...mutable(inference),
              model: inference.model === undefined ? undefined : models.get(inference.model),
            },
          },
          onKaito,
        );
      });
      return [name, made] as const;
    },
  );

  return {
    modelUrls: Object.fromEntries(
      [...models].map(([name, { url, modelName }]) => [name, { url, modelName }]),
    ),
    ragUrls: Object.fromEntries(engines.map(([name, { url }]) => [name, url])),
    adapters: jobs.images,
    models,
    ragEngines: new Map(engines),
    kaito,
  };
}

const noModels: ReadonlyMap<string, KaitoWorkspace> = new Map();
const noEngines: ReadonlyMap<string, KaitoRagEngine> = new Map();

/** How a model's replicas follow its requests, and where whoever sets them asks. */
function scaled(autoscaling: KaitoAutoscaling, { prometheus }: Foundation): KaitoAutoscaling {
  const { minReplicas, ...rest } = autoscaling;
  return rest.scaler === "kaito-scaler"
    ? rest
    : { ...rest, minReplicas, ...(rest.scaler === "keda" && { prometheus }) };
}

/** A model's clients, and the pods of the stack's RAG engines that ask it: they would get no answer else. */
function withEngines(
  { ragEngines }: Settings,
  model: string,
  clients: McpClient[] | undefined,
): McpClient[] | undefined {
  if (clients === undefined) return undefined;
  const engines = Object.entries(ragEngines).filter(([, { inference }]) => inference?.model === model);
  return [...clients, ...engines.map(([name]) => ({ podLabels: { "kaito.sh/ragengine": name } }))];
}

function install(settings: Settings, cluster: AksWithGpuPool): KaitoInstall {
  const { mode, ...chart } = mutable(settings.kaito);
  const options = { provider: cluster.provider, dependsOn: [cluster] };
  if (mode !== "byo") return new KaitoInstall("kaito", { mode: "addon", cluster }, options);
  const pools = Object.values(gpuPools(settings.cluster));
  return argumentsFrom(
    "mcpaas:kaito",
    () =>
      new KaitoInstall(
        "kaito",
        {
          ...chart,
          cluster,
          podSecurityExemption: exemptionOf(settings, "kaito") ?? "none",
          ragEngine: Object.keys(settings.ragEngines).length > 0,
          spotNodes: pools.some(({ spot }) => spot),
        },
        options,
      ),
  );
}
