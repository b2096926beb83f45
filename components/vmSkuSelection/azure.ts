import { ComputeManagementClient } from "@azure/arm-compute";
import { type AzureSession, azureSession } from "../azure/session.ts";
import { classify } from "./armErrors.ts";
import { normalizeLocation, type RegionFacts, regionFacts } from "./facts.ts";
import { readOwnPools } from "./ownPools.ts";
import type { OwnPool } from "./quota.ts";

/** How long the questions about a region, or those about a cluster, may take, retries included, in ms. */
const timeoutMs = 60_000;

/** Answers what a choice needs to know. */
export interface AzureSource {
  region(subscriptionId: string, location: string): Promise<RegionFacts>;
  ownPools(clusterId: string): Promise<OwnPool[]>;
}

/**
 * Asks Azure Resource Manager, each question once: the SKU list is several MB, and a run may hold
 * several selections. Failures are remembered too, so that each costs its timeout only once.
 */
export function azureSource(env: NodeJS.ProcessEnv = process.env): AzureSource {
  const regions = new Map<string, Promise<RegionFacts>>();
  const clusters = new Map<string, Promise<OwnPool[]>>();
  let session: Promise<AzureSession> | undefined;
  const open = () => {
    session ??= azureSession(env);
    return session;
  };
  return {
    region(subscriptionId, location) {
      const region = normalizeLocation(location);
      return once(regions, `${subscriptionId}/${region}`, async () =>
        readRegion(await open(), subscriptionId, region),
      );
    },
    ownPools(clusterId) {
      return once(clusters, clusterId.toLowerCase(), async () =>
        readOwnPools(await open(), clusterId, AbortSignal.timeout(timeoutMs)),
      );
    },
  };
}

async function once<T>(cache: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  let answer = cache.get(key);
  if (!answer) {
    answer = ask().catch((error) => {
      throw classify(error);
    });
    cache.set(key, answer);
  }
  return answer;
}

async function readRegion(
  session: AzureSession,
  subscriptionId: string,
  location: string,
): Promise<RegionFacts> {
  const client = new ComputeManagementClient(session.credential, subscriptionId, {
    endpoint: session.endpoint,
    credentials: { scopes: session.scopes },
  });
  const abortSignal = AbortSignal.timeout(timeoutMs);
  const [skus, usages] = await Promise.all([
    all(client.resourceSkus.list({ filter: `location eq '${location}'`, abortSignal })),
    all(client.usage.list(location, { abortSignal })),
  ]);
  return regionFacts(location, skus, usages);
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) {
    items.push(item);
  }
  return items;
}
