import type { Effect, Scenario } from "./scenario.ts";

export type { Effect, Match, Rule, Scenario } from "./scenario.ts";

const pools = "Microsoft.ContainerService/managedClusters/agentPools";
const clusters = "Microsoft.ContainerService/managedClusters";
const gpuSize = "^Standard_N";
const registries = "Microsoft.ContainerRegistry/registries";
const generate = { method: "POST", type: registries, action: "generateCredentials" };

const list: Scenario[] = [
  { name: "healthy", description: "Everything works; limits are those of data/quotas.json." },
  {
    name: "gpu-quota-refused",
    description:
      "Every GPU pool is refused for family quota at the last moment, although the usages show room.",
    rules: [
      { on: { method: "PUT", type: pools, vmSize: gpuSize }, times: 0, effect: { kind: "family-quota" } },
    ],
  },
  {
    name: "second-pool-refused",
    description: "The second PUT of an agent pool is refused once for family quota, whatever its size.",
    rules: [{ on: { method: "PUT", type: pools }, nth: 2, effect: { kind: "family-quota" } }],
  },
  {
    name: "principal-not-found",
    description: "Role assignments say PrincipalNotFound twice, as they do until Entra knows a new identity.",
    rules: [
      {
        on: { method: "PUT", type: "Microsoft.Authorization/roleAssignments" },
        times: 2,
        effect: {
          kind: "error",
          status: 400,
          code: "PrincipalNotFound",
          message: "Principal {principal} does not exist in the directory {tenant}.",
        },
      },
    ],
  },
  {
    name: "throttled",
    description: "The second and third write and the second read are throttled with Retry-After 1.",
    rules: [
      { on: { method: ["PUT", "PATCH", "DELETE"] }, nth: 2, times: 2, effect: throttle() },
      { on: { method: "GET" }, nth: 2, effect: throttle() },
    ],
  },
  {
    name: "operation-fails",
    description: "The first cluster is accepted, and its creation then ends as Failed.",
    rules: [
      {
        on: { method: "PUT", type: clusters },
        effect: {
          kind: "fail-operation",
          code: "AKSCapacityError",
          message: "AKS is currently experiencing capacity constraints in the region {location}.",
        },
      },
    ],
  },
  {
    name: "pool-operation-fails",
    description: "The first GPU pool is accepted, and its creation then ends as Failed for want of capacity.",
    rules: [
      {
        on: { method: "PUT", type: pools, vmSize: gpuSize },
        effect: {
          kind: "fail-operation",
          code: "AllocationFailed",
          message:
            "Allocation failed. We do not have sufficient capacity for the requested VM size in this region.",
        },
      },
    ],
  },
  {
    name: "pending-operation",
    description: "The first agent pool is refused once because another operation is in progress.",
    rules: [
      {
        on: { method: "PUT", type: pools },
        effect: {
          kind: "error",
          status: 409,
          code: "OperationNotAllowed",
          message:
            "Operation is not allowed: Another operation Updating is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details",
        },
      },
    ],
  },
  {
    name: "credentials-later",
    description:
      "Passwords of registry tokens are generated after the answer, as the API reserves the right to.",
    rules: [{ on: generate, times: 0, effect: { kind: "later" } }],
  },
  {
    name: "credentials-forbidden",
    description: "The caller may not generate passwords of registry tokens.",
    rules: [
      {
        on: generate,
        times: 0,
        effect: {
          kind: "error",
          status: 403,
          code: "AuthorizationFailed",
          message:
            "The client '{client}' with object id '{caller}' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/generateCredentials/action' over scope '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
        },
      },
    ],
  },
  {
    name: "token-not-active",
    description: "The first two passwords of registry tokens are refused because the token is being changed.",
    rules: [
      {
        on: generate,
        times: 2,
        effect: { kind: "error", status: 409, code: "TokenNotActive", message: "The token is not active." },
      },
    ],
  },
  {
    name: "sku-restricted",
    description: "No region lets this subscription use A10 and A100 sizes, whatever the quota.",
    restricted: { "*": "A10" },
  },
  {
    name: "no-quota",
    description: "All GPU families and spot have a limit of zero in every region.",
    quotas: { "*": { gpu: 0, lowPriorityCores: 0 } },
  },
  {
    name: "arm-flaky",
    description: "One request in seven fails with 500, and one in forty loses its connection, by the seed.",
    rules: [
      {
        on: {},
        times: 0,
        probability: 1 / 7,
        effect: {
          kind: "error",
          status: 500,
          code: "InternalServerError",
          message: "Encountered internal server error.",
        },
      },
      { on: { method: "GET" }, times: 0, probability: 1 / 40, effect: { kind: "reset" } },
    ],
  },
  {
    name: "slow",
    description: "Every answer takes a fifth of a second more.",
    rules: [{ on: {}, times: 0, effect: { kind: "delay", ms: 200 } }],
  },
];

/** All named scenarios. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(list.map((one) => [one.name, one]));

/** @throws {Error} that lists the names with their descriptions, for an unknown name */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.get(name);
  if (!found) {
    const known = list.map((one) => `  ${one.name}: ${one.description}`).join("\n");
    throw new Error(`there is no scenario "${name}"; known:\n${known}`);
  }
  return found;
}

function throttle(): Effect {
  return {
    kind: "error",
    status: 429,
    code: "SubscriptionRequestsThrottled",
    message: "The request is being throttled as the limit has been reached. Please try again after 1 second.",
    headers: { "retry-after": "1" },
  };
}
