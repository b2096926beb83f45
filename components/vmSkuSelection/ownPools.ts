import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from "@azure/core-rest-pipeline";
import type { AzureSession } from "../azure/session.ts";
import type { OwnPool } from "./quota.ts";

const apiVersion = "2025-05-01";

interface AgentPoolPage {
  value?: {
    name?: string;
    properties?: { vmSize?: string; count?: number; maxCount?: number; scaleSetPriority?: string };
  }[];
  nextLink?: string;
}

/**
 * The node pools that a cluster has; none when there is no such cluster yet. Plain requests with
 * the SDK's own retries and sign-in, because this one list doesn't justify the SDK for AKS.
 */
export async function readOwnPools(
  session: AzureSession,
  clusterId: string,
  abortSignal: AbortSignal,
): Promise<OwnPool[]> {
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential: session.credential, scopes: session.scopes }),
  );
  const http = createDefaultHttpClient();
  const pools: OwnPool[] = [];
  let url: string | undefined = `${session.endpoint}${clusterId}/agentPools?api-version=${apiVersion}`;
  while (url) {
    const request = createPipelineRequest({ url, abortSignal });
    const response = await pipeline.sendRequest(http, request);
    if (response.status === 404) {
      return [];
    }
    if (response.status !== 200) {
      throw new RestError(armMessage(response.bodyAsText) ?? `HTTP ${response.status}`, {
        statusCode: response.status,
      });
    }
    const page = JSON.parse(response.bodyAsText ?? "{}") as AgentPoolPage;
    pools.push(...(page.value ?? []).map(toOwnPool));
    url = page.nextLink;
  }
  return pools;
}

function toOwnPool({ name = "", properties = {} }: NonNullable<AgentPoolPage["value"]>[number]): OwnPool {
  return {
    name,
    vmSize: properties.vmSize ?? "",
    count: properties.count ?? 0,
    maxCount: properties.maxCount,
    spot: properties.scaleSetPriority?.toLowerCase() === "spot",
  };
}

function armMessage(body: string | null | undefined): string | undefined {
  try {
    return (JSON.parse(body ?? "") as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}
