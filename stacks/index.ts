import type { Settings } from "./settings.ts";

/** What each platform is made of, loaded where it is asked for: a stack without Azure loads nothing of Azure's. */
const stacks = {
  azure: async () => (await import("./azure.ts")).azureStack,
} satisfies Record<Settings["platform"], () => Promise<(settings: Settings) => object>>;

/** Makes the stack that the settings ask for and returns its outputs. */
export async function deploy(settings: Settings) {
  const make = await stacks[settings.platform]();
  return make(settings);
}
