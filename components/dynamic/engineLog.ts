import * as pulumi from "@pulumi/pulumi";

/** Where the provider says what it decided. */
export interface DecisionLog {
  info(message: string): Promise<void>;
  warn(message: string): Promise<void>;
}

/**
 * Logs through the Pulumi engine. It starts a dynamic provider with its own address as the only
 * argument, but doesn't connect the SDK's log in that process; without an address, as in a test,
 * the SDK writes to the console.
 */
export function engineLog(address: string | undefined = process.argv[2]): DecisionLog {
  if (address && /^[^/\s]+:\d+$/.test(address) && !pulumi.runtime.hasEngine()) {
    pulumi.runtime.resetOptions("", "", -1, address, "", false, "");
  }
  return {
    info: (message) => pulumi.log.info(message),
    warn: (message) => pulumi.log.warn(message),
  };
}
