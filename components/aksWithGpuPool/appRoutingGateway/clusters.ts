import { ContainerServiceClient, type ManagedCluster } from "@azure/arm-containerservice";
import { problemOf } from "../../azure/errors.ts";
import { type AzureEnvironment, type AzureSession, azureSession } from "../../azure/session.ts";
import type { Clusters } from "./switch.ts";

/** How long one question may take, retries included, in ms. */
const READ_MS = 120_000;

/** Asks Azure Resource Manager through AKS's own SDK. @param pollMs between looks at what takes time */
export function azureClusters(env: AzureEnvironment = process.env, pollMs = 10_000): Clusters {
  let session: Promise<AzureSession> | undefined;
  return {
    async find(clusterId) {
      const { subscriptionId, resourceGroup, name } = addressOf(clusterId);
      session ??= azureSession(env);
      const { credential, endpoint, scopes } = await session;
      const client = new ContainerServiceClient(credential, subscriptionId, {
        endpoint,
        credentials: { scopes },
      });
      const cluster = await orNothing(
        client.managedClusters.get(resourceGroup, name, { abortSignal: AbortSignal.timeout(READ_MS) }),
      );
      return (
        cluster && {
          ingressProfile: cluster.ingressProfile,
          async put(ingressProfile, abortSignal) {
            // The SDK leaves out what only AKS sets.
            const changed: ManagedCluster = { ...cluster, ingressProfile };
            await client.managedClusters.createOrUpdate(resourceGroup, name, changed, {
              ifMatch: cluster.eTag,
              updateIntervalInMs: pollMs,
              abortSignal,
            });
          },
        }
      );
    },
  };
}

/** The parts of a cluster's ARM id. */
export function addressOf(clusterId: string) {
  const parts =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]+)$/i.exec(
      clusterId,
    );
  if (parts === null) throw new Error(`${clusterId} is no ARM id of a cluster`);
  const [, subscriptionId = "", resourceGroup = "", name = ""] = parts;
  return { subscriptionId, resourceGroup, name };
}

async function orNothing<T>(answer: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (problemOf(error) === "not-found") return undefined;
    throw error;
  }
}
