import { type AzureEnvironment, azureSession } from "../../../components/azure/session.ts";
import { Arm } from "./arm.ts";

/** The provider's settings that matter to a session, and the variables that they take precedence over. */
const variables: Readonly<Record<string, string>> = {
  subscriptionId: "ARM_SUBSCRIPTION_ID",
  tenantId: "ARM_TENANT_ID",
  clientId: "ARM_CLIENT_ID",
  clientSecret: "ARM_CLIENT_SECRET",
  environment: "ARM_ENVIRONMENT",
  metadataHost: "ARM_METADATA_HOSTNAME",
  useMsi: "ARM_USE_MSI",
  useOidc: "ARM_USE_OIDC",
  oidcToken: "ARM_OIDC_TOKEN",
  oidcTokenFilePath: "ARM_OIDC_TOKEN_FILE_PATH",
  oidcRequestUrl: "ARM_OIDC_REQUEST_URL",
  oidcRequestToken: "ARM_OIDC_REQUEST_TOKEN",
};

/** What the engine configured the plugin with. */
export interface Configured {
  arm: Arm;
  /** The settings by the name of their environment variable. */
  environment: AzureEnvironment;
  /** `azure-native:location`, the default for every resource. */
  location?: string;
}

/**
 * Opens a session with the provider's settings, and where they are silent with the environment's.
 *
 * @throws {Error} when no subscription is set or the metadata host doesn't answer.
 */
export async function configure(
  settings: Readonly<Record<string, string>>,
  environment: AzureEnvironment,
): Promise<Configured> {
  const merged = { ...environment };
  for (const [setting, variable] of Object.entries(variables)) {
    if (settings[setting]) {
      merged[variable] = settings[setting];
    }
  }
  const subscription = merged["ARM_SUBSCRIPTION_ID"];
  if (!subscription) {
    throw new Error("no Azure subscription is set: give ARM_SUBSCRIPTION_ID or azure-native:subscriptionId");
  }
  const session = await azureSession(merged);
  return {
    arm: new Arm(session, subscription),
    environment: merged,
    ...(settings["location"] ? { location: settings["location"] } : {}),
  };
}
