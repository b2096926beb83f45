import { azureStack } from "./azure.ts";
import type { Settings } from "./settings.ts";

/** What each platform is made of. */
const stacks = { azure: azureStack } satisfies Record<Settings["platform"], (settings: Settings) => object>;

/** Makes the stack that the settings ask for and returns its outputs. */
export function deploy(settings: Settings) {
  return stacks[settings.platform](settings);
}
