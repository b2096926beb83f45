import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { shortHash } from "../../components/names.ts";
import { InputPropertyError } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";

/** The settings that say which cluster is meant. */
export type LocalSettings = NonNullable<Settings["local"]>;

/** A cluster of somebody's kubeconfig. */
export interface ChosenCluster {
  /** A kubeconfig with the one context and nothing else, with no file beside it. A secret. */
  kubeconfig: string;
  /** The same as long as the cluster is the same, whatever it is called and wherever it is reached. */
  identifier: string;
}

/**
 * Takes the context of the settings out of the user's kubeconfig.
 *
 * @throws {InputPropertyError} when there is no such context, or it isn't the current one and that is asked for
 */
export function chosenCluster(
  local: Pick<LocalSettings, "context" | "kubeconfig" | "currentContextOnly">,
  env: NodeJS.ProcessEnv = process.env,
): ChosenCluster {
  const { context, currentContextOnly } = local;
  const files = local.kubeconfig === undefined ? defaultFiles(env) : [local.kubeconfig];
  const config = load(files, local.kubeconfig === undefined ? "mcpaas:local" : "mcpaas:local.kubeconfig");
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map(({ name }) => name);
    throw new InputPropertyError(
      "mcpaas:local.context",
      `"${context}" is not in ${files.join(", ")}, which has ${known.join(", ") || "no context"}; name the context ` +
        "of the cluster that is meant",
    );
  }
  const current = config.getCurrentContext();
  if (currentContextOnly && current !== context) {
    throw new InputPropertyError(
      "mcpaas:local.context",
      `is "${context}", and the current context is ${current ? `"${current}"` : "none"}: so that nobody deploys to a ` +
        `cluster by accident, run \`kubectl config use-context ${context}\`, or set ` +
        "mcpaas:local.currentContextOnly to false",
    );
  }
  config.setCurrentContext(context);
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (!cluster || !user) {
    throw new InputPropertyError(
      "mcpaas:local.context",
      `"${context}" names a ${cluster ? "user" : "cluster"} that is not in ${files.join(", ")}`,
    );
  }
  const { caFile, ...rest } = cluster;
  const { certFile, keyFile, ...others } = user;
  const alone = new KubeConfig();
  alone.loadFromOptions({
    clusters: [{ ...rest, caData: rest.caData ?? contentOf(caFile) }],
    users: [
      {
        ...others,
        certData: others.certData ?? contentOf(certFile),
        keyData: others.keyData ?? contentOf(keyFile),
      },
    ],
    contexts: [config.getContextObject(context)],
    currentContext: context,
  });
  const authority = alone.getCurrentCluster()?.caData;
  return {
    kubeconfig: alone.exportConfig(),
    // A cluster's own authority is made with it: kind's port changes when it is made anew, and so does this.
    identifier: shortHash(20, authority ?? cluster.server),
  };
}

/** The files that kubectl reads. */
function defaultFiles({ KUBECONFIG = "", HOME = homedir() }: NodeJS.ProcessEnv): string[] {
  const files = KUBECONFIG.split(delimiter).filter(Boolean);
  return files.length > 0 ? files : [join(HOME, ".kube", "config")];
}

/** All of them as one; of two entries with a name the first counts, and of current contexts too, as with kubectl. */
function load(files: readonly string[], property: string): KubeConfig {
  const there = files.map(absolute).filter(existsSync);
  if (there.length === 0) {
    const remedy = "make a cluster, or name the file in mcpaas:local.kubeconfig or KUBECONFIG";
    throw new InputPropertyError(property, `there is no kubeconfig at ${files.join(", ")}; ${remedy}`);
  }
  const all = new KubeConfig();
  for (const file of there) {
    const one = new KubeConfig();
    try {
      one.loadFromFile(file);
    } catch (error) {
      throw new InputPropertyError(property, `${file} is not a kubeconfig: ${(error as Error).message}`);
    }
    one.makePathsAbsolute(dirname(file));
    add(all, one);
  }
  return all;
}

function add(all: KubeConfig, { clusters, users, contexts, currentContext }: KubeConfig): void {
  const fresh = <T extends { name: string }>(known: readonly T[], more: readonly T[]) => [
    ...known,
    ...more.filter(({ name }) => !known.some((each) => each.name === name)),
  ];
  all.clusters = fresh(all.clusters ?? [], clusters);
  all.users = fresh(all.users ?? [], users);
  all.contexts = fresh(all.contexts ?? [], contexts);
  if (!all.currentContext) all.setCurrentContext(currentContext);
}

function absolute(file: string): string {
  return resolve(file.startsWith("~/") ? join(homedir(), file.slice(2)) : file);
}

/** What a file beside the kubeconfig holds, as the kubeconfig itself would. */
function contentOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file).toString("base64");
}
