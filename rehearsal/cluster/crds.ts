import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ApiException,
  ApiextensionsV1Api,
  type KubeConfig,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { waitUntil } from "../processes.ts";

/** The definitions of a folder's files, in the toolchain's data. */
export async function crdsIn(dir: string): Promise<V1CustomResourceDefinition[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith(".yaml"));
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), "utf8")));
  return texts
    .flatMap((text) =>
      parseAllDocuments(text).map((document) => document.toJS() as V1CustomResourceDefinition),
    )
    .filter((object) => object?.kind === "CustomResourceDefinition");
}

/** Puts the definitions into the cluster, and waits until its API knows them. */
export async function installCrds(
  config: KubeConfig,
  what: string,
  crds: readonly V1CustomResourceDefinition[],
): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  for (const body of crds) {
    await api.createCustomResourceDefinition({ body }).catch(ignoreStatus(409));
  }
  await waitUntil(what, 30, async () => {
    const { items } = await api.listCustomResourceDefinition();
    return crds.every(({ metadata }) =>
      items
        .find((one) => one.metadata?.name === metadata?.name)
        ?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True"),
    );
  });
}

/** Takes the definitions out of the cluster, with all objects of their kinds. */
export async function removeCrds(
  config: KubeConfig,
  what: string,
  crds: readonly V1CustomResourceDefinition[],
): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  for (const { metadata } of crds) {
    await api.deleteCustomResourceDefinition({ name: metadata?.name ?? "" }).catch(ignoreStatus(404));
  }
  await waitUntil(`the end of ${what}`, 30, async () => {
    const { items } = await api.listCustomResourceDefinition();
    return !items.some((one) => crds.some(({ metadata }) => metadata?.name === one.metadata?.name));
  });
}

/** Lets one answer of the API server pass, and no other. */
export function ignoreStatus(status: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiException && error.code === status)) {
      throw error;
    }
    return undefined;
  };
}
