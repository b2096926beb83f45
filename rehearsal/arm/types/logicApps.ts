import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import type { Action, TypeRow, Write } from "./row.ts";

const workflowType = "Microsoft.Logic/workflows";
const apiVersions = ["2016-06-01", "2017-07-01", "2019-05-01"];

/** Logic Apps: they take calls, and don't run. Source: the REST specifications, stable/2019-05-01. */
export const logicAppTypes: TypeRow[] = [
  {
    type: workflowType,
    scope: "group",
    apiVersions,
    name: /^[-_.()A-Za-z0-9]{1,80}$/,
    located: true,
    rules: [
      { path: "properties.definition.triggers", required: true },
      { path: "properties.definition.contentVersion", required: true },
      { path: "properties.state", oneOf: ["Enabled", "Disabled", "Completed", "Deleted", "Suspended"] },
    ],
    complete({ world, path, body, existing }) {
      checkParameters(body.properties);
      const now = new Date().toISOString();
      body.properties = {
        state: "Enabled",
        parameters: {},
        ...body.properties,
        createdTime: existing?.created ?? now,
        changedTime: now,
        version: world.uuid(`version ${path.id} ${now}`),
        accessEndpoint: `${host(body["location"])}/workflows/${workflowId(world, path.id)}`,
      };
    },
    accompany: triggers,
    view: (_, { body }) => ({ ...body, properties: withoutSecrets(body.properties) }),
  },
  {
    type: `${workflowType}/triggers`,
    scope: "group",
    apiVersions,
    name: /^.+$/,
    actions: { listcallbackurl: callbackUrl },
  },
];

/** Whether an address is that of a Logic App's trigger, with the right signature, and it takes calls. */
export function takesCall(world: World, address: string): boolean {
  return world.store
    .ofType(`${workflowType}/triggers`)
    .some(
      (trigger) =>
        urlOf(world, trigger) === address &&
        workflowOf(world, trigger)?.body.properties["state"] === "Enabled",
    );
}

/** Parameters without a default need a value, and there are no others than the definition names. */
function checkParameters(workflow: Properties): void {
  const declared = objectOf(pick(workflow, "definition", "parameters"));
  const given = objectOf(workflow["parameters"]);
  const stray = Object.keys(given).find((name) => !(name in declared));
  const missing = Object.keys(declared).find(
    (name) => given[name] === undefined && objectOf(declared[name])["defaultValue"] === undefined,
  );
  if (stray ?? missing) {
    throw refusal(
      400,
      "InvalidTemplate",
      `The workflow parameter '${stray ?? missing}' is ${stray ? "not in the definition" : "missing"}.`,
    );
  }
}

/** Secure parameters can be set, and are never shown again. */
function withoutSecrets(workflow: Properties): Properties {
  const declared = objectOf(pick(workflow, "definition", "parameters"));
  const shown = Object.entries(objectOf(workflow["parameters"])).map(([name, parameter]) => {
    const { type } = objectOf(declared[name]);
    return [name, /^Secure/i.test(String(type)) ? { type } : parameter] as const;
  });
  return { ...workflow, parameters: Object.fromEntries(shown) };
}

function triggers({ world }: Write, workflow: Resource): Resource[] {
  for (const old of world.store.ofType(`${workflowType}/triggers`, workflow.id)) {
    world.store.remove(old.id);
  }
  return Object.keys(objectOf(pick(workflow.body.properties, "definition", "triggers"))).map((name) => ({
    id: `${workflow.id}/triggers/${name}`,
    type: `${workflowType}/triggers`,
    name,
    body: { properties: { state: "Enabled" } },
    ...{ state: workflow.state, etag: workflow.etag, created: workflow.created },
  }));
}

function callbackUrl({ world, resource }: Action): unknown {
  const value = urlOf(world, resource);
  const url = new URL(value);
  return {
    value,
    method: "POST",
    basePath: `${url.origin}${url.pathname}`,
    queries: Object.fromEntries(url.searchParams),
  };
}

function urlOf(world: World, trigger: Resource): string {
  const workflow = workflowOf(world, trigger);
  const run = `/triggers/${trigger.name}`;
  const signature = Buffer.from(world.uuid(`signature ${trigger.id}`)).toString("base64url");
  const base = `${host(workflow?.body["location"])}/workflows/${workflowId(world, workflow?.id ?? "")}`;
  const query = new URLSearchParams({
    ...{ "api-version": "2016-10-01", sp: `${run}/run`, sv: "1.0", sig: signature },
  });
  return `${base}${run}/paths/invoke?${query}`;
}

function workflowOf(world: World, trigger: Resource): Resource | undefined {
  return world.store.get(trigger.id.split("/triggers/")[0]);
}

function workflowId(world: World, id: string): string {
  return world.uuid(`workflow ${id}`).replaceAll("-", "");
}

function host(location: unknown): string {
  return `https://prod-01.${location}.logic.azure.com:443`;
}

function objectOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}
