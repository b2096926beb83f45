import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { main } from "../../../cli/main.ts";

/** Runs the command in this process. */
async function cost(...args: string[]) {
  const printed = { out: "", err: "" };
  const log = vi.spyOn(console, "log").mockImplementation((text) => {
    printed.out += `${text}\n`;
  });
  const error = vi.spyOn(console, "error").mockImplementation((text) => {
    printed.err += `${text}\n`;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.err += text;
    return true;
  });
  // No stack that happens to be deployed from here may say its VM sizes.
  vi.stubEnv("PATH", "/nowhere");
  try {
    return { code: await main(["cost", ...args]), ...printed };
  } finally {
    for (const spy of [log, error, stderr]) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

async function stateFile(resources: object[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cost-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "state.json");
  await writeFile(path, JSON.stringify({ deployment: { resources } }));
  return path;
}

const POOL = {
  type: "azure-native:containerservice:AgentPool",
  urn: "urn:pulumi:dev::mcpaas::x::aks-gpu",
  inputs: { agentPoolName: "gpu", vmSize: "Standard_NC24ads_A100_v4", count: 1, osDiskType: "Ephemeral" },
};

it("says what the stack dev costs, and what isn't known of it", { timeout: 60_000 }, async () => {
  const { code, out } = await cost("-s", "dev", "--no-effects");
  expect(code).toBe(0);
  expect(out).toContain(
    "Stack dev in eastus, USD a month of 730 hours, from the settings in Pulumi.dev.yaml",
  );
  expect(out).toContain("gpu Standard_NC24ads_A100_v4");
  expect(out).toMatch(/^total +2,\d{3}\.\d\d \+ +3,\d{3}\.\d\d \+/m);
  // The columns' widths are by what else is in them.
  expect(out.replaceAll(/\s+/g, " ")).toContain("Premium SSD P20, 512 GiB no price in the table");
});

it("takes a pool's size, a region and hours from the command line", { timeout: 60_000 }, async () => {
  const args = ["--vm-size", "gpu=Standard_NV36ads_A10_v5", "--region", "West Europe", "--hours", "100"];
  const { out } = await cost("--no-effects", "--json", ...args);
  const answer = JSON.parse(out);
  expect(answer.vmSizes.gpu).toBe("Standard_NV36ads_A10_v5");
  const machine = answer.cost.lines.find(({ what }: { what: string }) => what.includes("NV36ads"));
  expect(machine).toMatchObject({ quantity: { rest: 100 }, price: { usd: 4.16 }, monthly: { rest: 416 } });
});

it("reads a state, whose region it has to be told when nothing in it says so", async () => {
  const file = await stateFile([POOL]);
  const without = await cost("--state", file);
  expect(without).toMatchObject({ code: 2, err: expect.stringContaining("name it with --region") });
  const { code, out } = await cost("--state", file, "--region", "eastus");
  expect(code).toBe(0);
  expect(out).toMatch(/^total +2,681\.29 +2,681\.29/m);
  expect(out).not.toContain("What a setting changes");
});

it.each([
  ["a stack without settings", ["-s", "nowhere"], "there is no Pulumi.nowhere.yaml here"],
  ["a stack without Azure", ["-s", "local"], "makes nothing in Azure"],
  ["a file that isn't there", ["--state", "/nowhere.json"], "can't be read"],
  ["a state and a preview", ["--state", "a", "--preview", "b"], "can't be used with"],
  ["a size without a pool", ["--vm-size", "Standard_D2as_v5"], "such as gpu=Standard_NV36ads_A10_v5"],
  ["hours that are none", ["--hours", "0"], "above 0"],
])("%s is wrong usage", { timeout: 60_000 }, async (_, args, words) => {
  const { code, err } = await cost(...args);
  expect(err).toContain(words);
  expect(code).toBe(2);
});
