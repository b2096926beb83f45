import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { ClientSecretCredential } from "@azure/identity";
import type { Stage } from "./stage.ts";

/** Asks Azure of a stage as somebody else than the program would; the path is below the subscription. */
export async function askAzure(
  { running: { env, environment } }: Stage,
  method: string,
  path: string,
  version: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const value = (name: string) => env[name] ?? "";
  // Node reads NODE_EXTRA_CA_CERTS when it starts, and this process started before the authority existed.
  const ca = await readFile(value("NODE_EXTRA_CA_CERTS"), "utf8");
  const credential = new ClientSecretCredential(
    ...([value("ARM_TENANT_ID"), value("ARM_CLIENT_ID"), value("ARM_CLIENT_SECRET")] as const),
    { authorityHost: environment.armEndpoint, disableInstanceDiscovery: true, tlsOptions: { ca } },
  );
  const { token } = await credential.getToken(`${environment.armEndpoint}/.default`);
  const url = `${environment.armEndpoint}/subscriptions/${value("ARM_SUBSCRIPTION_ID")}/${path}?api-version=${version}`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return await new Promise((resolve, reject) => {
    const call = request(url, { method, ca, headers }, (response) => {
      json(response).then((answer) => {
        const good = (response.statusCode ?? 500) < 300;
        return good ? resolve(answer as Record<string, unknown>) : reject(new Error(JSON.stringify(answer)));
      }, reject);
    });
    call.on("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
