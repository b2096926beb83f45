import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unknownValue } from "../../../components/vmSkuSelection/provider.ts";
import { azureEnvironment, type Rig, startRig } from "../../arm/support.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const pools = {
  zeta: { preferredSkus: ["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"], gpus: 1, maxCount: 1 },
  alpha: { vmSize: "Standard_D4s_v5", maxCount: 3 },
};

let rig: Rig;
let dir: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  rig = await startRig();
  dir = await mkdtemp(join(tmpdir(), "state-text-"));
  env = await azureEnvironment(rig, dir);
});
afterAll(async () => {
  await rig.close();
  await rm(dir, { recursive: true });
});

async function stateText(args: object, ...calls: unknown[][]) {
  const resource = "components/vmSkuSelection.ts VmSkuSelection";
  const argv = [program, resource, ...[args, ...calls].map((each) => JSON.stringify(each))];
  const { stdout } = await run(process.execPath, argv, { cwd: root, env });
  return JSON.parse(stdout.slice(stdout.indexOf("{")));
}

const place = () => ({ subscriptionId: rig.arm.subscriptionId, location: "eastus" });

describe("the provider's text in the state", () => {
  it("decides against Azure through all its methods, and captures nothing", async () => {
    const { type, inputs, text, results } = await stateText(
      { ...place(), pools },
      ["check", {}, "inputs"],
      ["diff", "id", "inputs", "inputs"],
      ["create", "inputs"],
      ["read", "id", { kept: true }],
      ["update", "id", {}, "inputs"],
      ["delete", "id", "inputs"],
    );
    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:VmSkuSelection");
    expect(inputs).toMatchObject({ poolOrder: ["zeta", "alpha"], providerVersion: 1 });
    const [checked, diffed, created, read, updated] = results;
    expect(checked.failures).toBeUndefined();
    expect(checked.inputs.vmSizes).toEqual({ zeta: "Standard_NV36ads_A10_v5", alpha: "Standard_D4s_v5" });
    expect(diffed).toEqual({ changes: false });
    expect(created).toEqual({ id: "vm-sku-selection", outs: inputs });
    expect(read).toEqual({ id: "id", props: { kept: true } });
    expect(updated).toEqual({ outs: inputs });

    // The text is the same on every machine and holds no secret, no path and no library.
    expect(text).not.toContain(rig.arm.clientSecret);
    expect(text).not.toContain(root);
    expect(text.match(/require\(|createRequire\(/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(4000);
  }, 30_000);

  it("decides nothing while an argument is unknown", async () => {
    const unknown = { ...place(), location: unknownValue, pools, poolOrder: ["zeta", "alpha"] };
    const { results } = await stateText({ ...place(), pools }, ["check", {}, unknown]);
    expect(results[0].inputs).toMatchObject({
      vmSizes: unknownValue,
      verified: unknownValue,
      verdicts: unknownValue,
    });
  }, 30_000);
});
