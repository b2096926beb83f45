import type { Tool } from "@modelcontextprotocol/sdk/types.js";

/** What of a tool's argument decides which calls are valid. */
const TELLING = ["type", "format", "minLength", "minimum", "maximum", "minItems", "enum", "default"] as const;

/** Tools by their names, with what they take; no words. */
export function facts(tools: Tool[]): Record<string, unknown> {
  return Object.fromEntries(
    tools
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, inputSchema: { properties = {}, required = [], additionalProperties } }) => [
        name,
        {
          required,
          others: additionalProperties !== false,
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, telling(value)]),
          ),
        },
      ]),
  );
}

function telling(schema: object): Record<string, unknown> {
  const known = schema as Record<string, unknown>;
  const items = known["items"] as object | undefined;
  return {
    ...Object.fromEntries(TELLING.filter((key) => key in known).map((key) => [key, known[key]])),
    ...(items ? { items: telling(items) } : {}),
  };
}
