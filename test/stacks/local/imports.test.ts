import { execa } from "execa";
import { expect, it } from "vitest";

/** Loads the platforms' program with nothing but the name of one, and tells what of Azure's was loaded. */
const script = (platform: string) => `
  import { registerHooks } from "node:module";
  const found = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      if (/^@pulumi\\/(azure-native|docker)|^@azure\\//.test(specifier)) found.add(specifier);
      return next(specifier, context);
    },
  });
  await import("./stacks/settings.ts");
  await import("./stacks/index.ts");
  await import("./stacks/${platform}.ts");
  console.log(JSON.stringify([...found]));
  // Providers of the SDK keep the process.
  process.exit(0);`;

const loaded = async (platform: string): Promise<string[]> => {
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", script(platform)]);
  return JSON.parse(stdout);
};

it("loads nothing of Azure's or Docker's for a stack without Azure", { timeout: 60_000 }, async () => {
  expect(await loaded("local")).toEqual([]);
});

it("would see it", { timeout: 60_000 }, async () => {
  expect(await loaded("azure")).toContain("@pulumi/azure-native/resources/resourceGroup.js");
});
