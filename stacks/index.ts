import type { Settings } from "./settings.ts";

/** What each platform is made of, loaded where it is asked for: a stack without Azure loads nothing of Azure's. */
const stacks = {
  azure: async () => (await import("./azure.ts")).azureStack,
  local: async ({ ingress }) => {
    const { localStack } = await import("./local.ts");
    // Its records are Azure's, and it alone brings them.
    const frontDoor = ingress.enabled ? (await import("./shared/ingress.ts")).platformIngress : undefined;
    return (settings) => localStack(settings, frontDoor);
  },
} satisfies Record<Settings["platform"], (settings: Settings) => Promise<(settings: Settings) => object>>;

/** Makes the stack that the settings ask for and returns its outputs. */
export async function deploy(settings: Settings) {
  const make = await stacks[settings.platform](settings);
  return make(settings);
}
