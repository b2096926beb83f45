import { parse, stringify } from "yaml";
import { serverApplication } from "../entra.ts";
import { refusal } from "../errors.ts";
import { ids } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import type { Action } from "./row.ts";

/** The application in whose name a person signs in. */
const clientApplication = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

/**
 * A cluster's kubeconfig. A user of a cluster with Entra ID gets no secret but a call of `kubelogin`, which asks
 * for a sign-in; everyone else gets the static credentials that came with the file, unless local accounts are off.
 *
 * @throws {ArmError} 400 `BadRequest` when there would have to be static credentials and there may be none.
 */
export async function credentials(
  { world, resource }: Action,
  name: "clusterUser" | "clusterAdmin",
): Promise<unknown> {
  const { aadProfile, disableLocalAccounts } = resource.body.properties;
  const withEntra = name === "clusterUser" && aadProfile !== undefined;
  if (!withEntra && disableLocalAccounts === true) {
    throw refusal(
      400,
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    );
  }
  const file = await world.kubeconfig(resource);
  const value = withEntra ? withKubelogin(file, String(pick(aadProfile, "tenantID") ?? ids.tenant)) : file;
  return { kubeconfigs: [{ name, value: Buffer.from(value).toString("base64") }] };
}

/** The same clusters and contexts, with users that sign in as AKS's files for people say. */
function withKubelogin(file: string, tenant: string): string {
  const config = parse(file) as { users: { name: string }[] };
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: [
      "get-token",
      ...["--environment", "AzurePublicCloud"],
      ...["--server-id", serverApplication],
      ...["--client-id", clientApplication],
      ...["--tenant-id", tenant],
      ...["--login", "devicecode"],
    ],
    env: null,
    provideClusterInfo: false,
  };
  return stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { exec } })) });
}
