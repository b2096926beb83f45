import {
  type GetClientConfigResult,
  getClientConfig,
} from "@pulumi/azure-native/authorization/getClientConfig.js";
import * as pulumi from "@pulumi/pulumi";

/**
 * Who the Azure provider is signed in as, and to which subscription. An Azure that doesn't answer is a message
 * without the SDK's stack trace, whichever of its failures the engine hears of first.
 */
export function clientConfig(opts?: pulumi.InvokeOptions): pulumi.Output<GetClientConfigResult> {
  const answer = getClientConfig(opts).catch((error: Error) => {
    throw new pulumi.RunError(error.message);
  });
  return pulumi.output(answer);
}
