import type { CheckRequest, Failure } from "../plugin/plugin.ts";
import { hasUnknown, type Properties, unknown } from "../plugin/values.ts";
import type { Arm } from "./arm.ts";
import { createBeforeDelete, defaultName } from "./naming.ts";
import type { ResourceType } from "./resources.ts";
import type { Configured } from "./settings.ts";
import { validate } from "./validate.ts";

/** The version with which azure-native looks groups up. */
const groupsApiVersion = "2020-10-01";

/** Fills in defaults (name, location, API version) and validates. */
export async function check(
  type: ResourceType,
  request: CheckRequest,
  configured: Configured | undefined,
  groupLocations: Map<string, string>,
): Promise<{ inputs: Properties; failures: Failure[] }> {
  const { urn, olds, seed, autonaming } = request;
  const inputs: Properties = { ...request.news };
  if (inputs[type.nameParameter] === undefined) {
    const made = defaultName(type, urn, seed, autonaming, olds);
    if (made) {
      inputs[type.nameParameter] = made.name;
      if (made.random) {
        inputs[createBeforeDelete] = true;
      }
    }
  }
  if (inputs["location"] === undefined && type.inputs.has("location")) {
    const location = await defaultLocation(olds, inputs, configured, groupLocations);
    if (location !== undefined) {
      inputs["location"] = location;
    }
  }
  inputs["azureApiVersion"] ??= type.apiVersion;
  return { inputs, failures: validate(type, inputs) };
}

/** The old location, the configured one, or the resource group's: azure-native's order. */
async function defaultLocation(
  olds: Properties,
  news: Properties,
  configured: Configured | undefined,
  groupLocations: Map<string, string>,
): Promise<unknown> {
  const group = news["resourceGroupName"];
  const preset = olds["location"] ?? configured?.location;
  if (preset !== undefined || group === undefined) {
    return preset;
  }
  if (hasUnknown(group) || !configured) {
    return unknown;
  }
  const name = String(group);
  const location = groupLocations.get(name) ?? (await groupLocation(configured.arm, name));
  if (location !== undefined) {
    groupLocations.set(name, location);
  }
  return location;
}

async function groupLocation(arm: Arm, name: string): Promise<string | undefined> {
  const id = `/subscriptions/${arm.subscriptionId}/resourceGroups/${encodeURIComponent(name)}`;
  const group = await arm.get(id, groupsApiVersion);
  return typeof group?.["location"] === "string" ? group["location"] : undefined;
}
