import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exitCodes, UserError } from "../userError.ts";

const run = promisify(execFile);

/**
 * The subscription to ask about: the one given, or ARM_SUBSCRIPTION_ID, AZURE_SUBSCRIPTION_ID, or
 * the Azure CLI's current one.
 */
export async function subscriptionId(given?: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const id = given || env["ARM_SUBSCRIPTION_ID"] || env["AZURE_SUBSCRIPTION_ID"];
  return id || azureCliSubscription(env);
}

async function azureCliSubscription(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await run("az", ["account", "show", "--query", "id", "--output", "tsv"], {
      env,
      timeout: 30_000,
      // The Azure CLI is a batch file on Windows.
      shell: process.platform === "win32",
    });
    return stdout.trim();
  } catch {
    throw new UserError(
      "no subscription is known; pass --subscription ID, set ARM_SUBSCRIPTION_ID, or sign in with `az login`",
      exitCodes.azureUnavailable,
    );
  }
}
