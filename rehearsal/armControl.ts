import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { Scenario } from "./arm/scenarios.ts";
import type { Running } from "./environment.ts";

/** The ids of everything that exists in Azure, sorted. */
export async function azureResources(running: Running): Promise<string[]> {
  return (await azureInventory(running)).map(({ id }) => id).sort();
}

/** A resource that exists in Azure. */
export interface AzureResource {
  id: string;
  type: string;
  /** ISO time of the first write: one that was deleted and made again has another. */
  created: string;
}

/** Everything that exists in Azure. */
export async function azureInventory(running: Running): Promise<AzureResource[]> {
  const body = await control(running, "GET", "/_rehearsal/inventory");
  return (JSON.parse(body) as { resources: AzureResource[] }).resources;
}

/** Changes the faults that Azure plays from now on: a named scenario, or one of the caller's own. */
export async function playScenario(running: Running, scenario: string | Scenario): Promise<void> {
  await control(
    running,
    "PUT",
    "/_rehearsal/scenario",
    typeof scenario === "string" ? { name: scenario } : scenario,
  );
}

/** Has Azure trust what a certificate authority (PEM) has issued, when it calls receivers of alerts. */
export async function trustReceivers(running: Running, authority: string): Promise<void> {
  await control(running, "PUT", "/_rehearsal/trust", authority);
}

async function control(running: Running, method: string, path: string, body?: unknown): Promise<string> {
  // Node reads NODE_EXTRA_CA_CERTS when it starts, and this process started before the authority existed.
  const ca = await readFile(running.env["NODE_EXTRA_CA_CERTS"] ?? "", "utf8");
  return await new Promise<string>((resolve, reject) => {
    const call = request(`${running.environment.armEndpoint}${path}`, { method, ca }, (response) => {
      text(response).then(
        (answer) => (response.statusCode === 200 ? resolve(answer) : reject(new Error(answer))),
        reject,
      );
    });
    call.on("error", reject);
    call.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  });
}
