import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readPrices } from "../../../cli/cost/ownPrices.ts";
import type { ChargeContext } from "../../../cost/charge.ts";
import type { Resource } from "../../../cost/resource.ts";

export const CONTEXT: ChargeContext = { prices: await readPrices(), hours: 730 };

/** A resource of a component. */
export function resource(type: string, inputs: Record<string, unknown>, name = "it"): Resource {
  return { type, name, urn: `urn:${type}::${name}`, component: "Thing it", inputs };
}

export function pool(inputs: Record<string, unknown>): Resource {
  return resource("azure-native:containerservice:AgentPool", {
    agentPoolName: "user",
    vmSize: "Standard_D2as_v5",
    enableAutoScaling: true,
    osDiskType: "Ephemeral",
    ...inputs,
  });
}

/** The settings of the stack dev, as its file has them. */
export function devInput(): Record<string, unknown> {
  const text = readFileSync(new URL("../../../Pulumi.dev.yaml", import.meta.url), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]),
  );
}
