import type { Properties } from "../plugin/values.ts";

/** Parameters that are whole paths themselves. */
const paths = new Set(["scope", "resourceUri"]);

/**
 * A resource's ARM id.
 *
 * @throws {Error} when a parameter is missing.
 */
export function armId(template: string, subscriptionId: string, parameters: Properties): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === "subscriptionId" ? subscriptionId : parameters[name];
    if (typeof value !== "string") {
      throw new Error(`'${name}' is part of the resource's id and must be a string`);
    }
    return paths.has(name) ? value.replaceAll(/^\/+|\/+$/g, "") : encodeURIComponent(value);
  });
}

/**
 * The path parameters in an id, for a resource that is imported.
 *
 * @throws {Error} when the id is none of this type.
 */
export function parametersIn(template: string, id: string): Properties {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return paths.has(name) ? "(.*)" : "([^/]+)";
  });
  // ARM ids are compared without regard to case.
  const match = new RegExp(`^${pattern}$`, "i").exec(id);
  if (!match) {
    throw new Error(`'${id}' is not an id of the form ${template}`);
  }
  const entries = names.map((name, index) => {
    const value = decodeURIComponent(match[index + 1] as string);
    // Programs give a scope as the id that it is.
    return [name, paths.has(name) ? `/${value}` : value] as const;
  });
  return Object.fromEntries(entries.filter(([name]) => name !== "subscriptionId"));
}
