import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { type AzureResource, azureInventory } from "../../rehearsal/armControl.ts";
import { pulumiAnswer } from "../../rehearsal/engine.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { raiseStage, refusals, type Stage } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
const packs = ["--policy-pack", "policies"];
const kubectl = () => join(stage.toolchain.bin, "kubectl");

/** Types of Azure's that hold what nobody could make again, or are what it is in. */
const HOLDS_DATA = [
  ...["Microsoft.Resources/resourceGroups", "Microsoft.ContainerRegistry/registries"],
  ...["Microsoft.ContainerService/managedClusters", "Microsoft.OperationalInsights/workspaces"],
  ...["Microsoft.Monitor/accounts", "Microsoft.Network/virtualNetworks"],
];

interface Claim {
  metadata: { namespace: string; name: string; uid: string };
}

async function dataInAzure(): Promise<AzureResource[]> {
  return (await azureInventory(stage.running)).filter(({ type }) => HOLDS_DATA.includes(type));
}

async function claims(): Promise<string[]> {
  const { items } = await stage.get<{ items: Claim[] }>("persistentvolumeclaims", "--all-namespaces");
  return items.map(({ metadata: { namespace, name, uid } }) => `${namespace}/${name} ${uid}`);
}

/** Gives the stack all settings of a sample, Pulumi.<sample>.yaml; only the key for its secrets stays. */
async function takeSettings(sample: string): Promise<void> {
  const file = join(stage.running.project, "Pulumi.prod.yaml");
  const settings = parseDocument(await readFile(file, "utf8"));
  const { config } = parse(await readFile(join(repository, `Pulumi.${sample}.yaml`), "utf8"));
  settings.set("config", settings.createNode(config));
  await writeFile(file, settings.toString());
}

async function inCluster(kubeconfig: string, ...args: string[]) {
  const file = join(stage.running.dir, "user.kubeconfig");
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const { env } = stage.running;
  return execa(kubectl(), [`--kubeconfig=${file}`, ...args], { env, extendEnv: false, reject: false });
}

beforeAll(async () => {
  stage = await raiseStage({ stack: "prod" });
  before = await takeInventory(stage.running, kubectl());
  await takeSettings("dev");
  // Without what prod has no other settings for, which is half of it.
  await stage.setAll({
    // By default only a stack that is called prod has it.
    "mcpaas:protect": "false",
    "mcpaas:openWebSearch.enabled": "false",
    "mcpaas:innovationEngine.enabled": "false",
    "mcpaas:alerts.enabled": "false",
  });
});
afterAll(() => stage?.close());

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("a stack with dev's settings that is given prod's", () => {
  let kubeconfig: string;

  test("keeps all that holds data, in Azure and on disks, while all else is made ready for production", async () => {
    const dev = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(dev.errors).toEqual([]);
    expect(dev.exitCode).toBe(0);
    const [azure, disks] = [await dataInAzure(), await claims()];
    expect(new Set(azure.map(({ type }) => type))).toEqual(new Set(HOLDS_DATA));
    expect(disks).not.toEqual([]);

    await takeSettings("prod");
    // AKS can't change the size of a cluster's first pool: what it has is what there is.
    await stage.set("mcpaas:cluster.systemPool.minVcpus", "2");
    const prod = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(prod.errors).toEqual([]);
    expect(prod.exitCode).toBe(0);
    expect(refusals(prod)).toEqual([]);
    expect(await dataInAzure()).toEqual(expect.arrayContaining(azure));
    expect(await claims()).toEqual(expect.arrayContaining(disks));
  });

  test("lets in who has a role, with kubelogin's token, and nobody else", async () => {
    kubeconfig = await pulumiAnswer(stage.running, [
      "stack",
      "output",
      "kubeconfig",
      "--show-secrets",
      "-s",
      "prod",
    ]);
    expect(kubeconfig).toContain("kubelogin");
    expect(kubeconfig).not.toMatch(/client-key-data|token:/);
    const who = await inCluster(kubeconfig, "auth", "whoami", "-o", "json");
    expect(JSON.parse(who.stdout).status.userInfo.username).toBe("00000000-0000-0000-0000-000000000003");
    expect((await inCluster(kubeconfig, "auth", "can-i", "delete", "namespaces")).stdout).toBe("yes");
    const strange = kubeconfig.replaceAll("6dae42f8-4368-4678-94ff-3960e28e3630", "https://vault.azure.net");
    expect((await inCluster(strange, "get", "namespaces")).stderr).toMatch(
      /Unauthorized|provide credentials/,
    );
  });

  test("changes nothing when nothing changed, and a refresh finds only what came later by itself", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
    const refresh = await stage.pulumi("refresh", "--yes", "--skip-preview");
    expect(refresh.exitCode).toBe(0);
    // In the cluster show the pools, and the front door, which AKS is told of by another call; with a token its
    // password's dates.
    expect(refresh.differences.sort()).toEqual([
      "azure-native:containerregistry:Token images-token: credentials",
      "azure-native:containerservice:ManagedCluster aks: agentPoolProfiles, ingressProfile",
    ]);
  });

  test("isn't destroyed while its data is protected, and is after the documented words", async () => {
    const azure = await azureInventory(stage.running);
    // The preview refuses; without one Pulumi would delete what isn't protected before it comes to what is.
    const refused = await stage.pulumi("destroy", "--yes");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.errors.join("\n")).toMatch(/protect/);
    expect(await azureInventory(stage.running)).toEqual(azure);

    await stage.set("mcpaas:protect", "false");
    const letGo = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(letGo).toMatchObject({ errors: [], exitCode: 0 });
    expect(letGo.changed.filter((line) => !line.startsWith("update "))).toEqual([]);
    expect(await stage.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({
      errors: [],
      exitCode: 0,
    });
    const left = leftovers(before, await takeInventory(stage.running, kubectl()));
    expect(left.azure).toEqual([]);
    const denied = await inCluster(kubeconfig, "get", "namespaces");
    expect(denied.stderr).toMatch(/Forbidden/);
  });
});
