import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { exitCodes, UserError } from "../userError.ts";

/** Which cluster to talk to, and as whom. */
export interface KubeconfigChoice {
  /** A file, or "-" for standard input. @default - KUBECONFIG, then ~/.kube/config */
  file?: string;
  /** A context of it. @default - its current one */
  context?: string;
}

/**
 * Loads a kubeconfig.
 *
 * @throws {UserError} with exit code 2 when there is none, or it can't be used
 */
export async function loadKubeconfig({ file, context }: KubeconfigChoice): Promise<KubeConfig> {
  const config = new KubeConfig();
  if (file === "-") {
    const given = await text(process.stdin);
    parsed("standard input", () => config.loadFromString(checked(given)));
  } else if (file !== undefined) {
    parsed(file, () => config.loadFromFile(readable(file)));
  } else {
    for (const path of defaultFiles()) readable(path);
    parsed(process.env.KUBECONFIG ?? "~/.kube/config", () => config.loadFromDefault());
  }
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw usage(`--context ${context} is not in the kubeconfig; it has ${known.join(", ") || "none"}`);
    }
    config.setCurrentContext(context);
  }
  if (!config.getCurrentCluster()) {
    throw usage("the kubeconfig has no current context with a cluster; name one with --context");
  }
  return config;
}

function defaultFiles(): string[] {
  const files = (process.env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return files.length > 0 ? files : [join(homedir(), ".kube", "config")];
}

function readable(file: string): string {
  if (!existsSync(file)) {
    throw usage(
      `there is no kubeconfig at ${file}; name one with --kubeconfig, or pipe one in:\n` +
        "  pulumi stack output kubeconfig --show-secrets -s dev | npm run diagnose -- --kubeconfig -",
    );
  }
  readFileSync(file);
  return file;
}

function checked(given: string): string {
  if (given.trim() === "") throw usage("standard input is empty; a kubeconfig was expected there");
  if (given.trim() === "[secret]") {
    throw usage("standard input is [secret]; `pulumi stack output kubeconfig` needs --show-secrets");
  }
  return given;
}

function parsed(what: string, load: () => void): void {
  try {
    load();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw usage(`${what} is not a kubeconfig: ${error instanceof Error ? error.message : error}`);
  }
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
