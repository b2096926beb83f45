import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  azureEnvironment,
  inGroup,
  makeCluster,
  makeGroup,
  type Rig,
  startRig,
} from "../../../arm/support.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../../support/stateText.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../..", import.meta.url));

let rig: Rig;
let dir: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  rig = await startRig();
  dir = await mkdtemp(join(tmpdir(), "state-text-"));
  env = await azureEnvironment(rig, dir);
  await makeGroup(rig);
  await makeCluster(rig);
});
afterAll(async () => {
  await rig.close();
  await rm(dir, { recursive: true });
});

async function stateText(args: object, ...calls: unknown[][]) {
  const resource = "components/aksWithGpuPool/appRoutingGateway.ts AppRoutingGateway";
  const argv = [program, resource, ...[args, ...calls].map((each) => JSON.stringify(each))];
  const { stdout } = await run(process.execPath, argv, { cwd: root, env });
  return JSON.parse(stdout.slice(stdout.indexOf('{"type"')));
}

it("switches a cluster by AKS's own SDK, from the text in the state, which captures nothing", async () => {
  const clusterId = inGroup(rig, "Microsoft.ContainerService/managedClusters/demo");
  const before = await rig.aks.managedClusters.get("rg", "demo");
  const made = await stateText({ clusterId }, ["create", "inputs"], ["read", clusterId, {}]);
  expect(made.type).toBe("pulumi-nodejs:dynamic/mcpaas:AppRoutingGateway");
  expect(made.results).toEqual([
    { id: clusterId, outs: { clusterId, enabled: true, wasOn: false } },
    { id: clusterId, props: { clusterId, enabled: true, wasOn: false } },
  ]);
  const on = await rig.aks.managedClusters.get("rg", "demo");
  expect(on.ingressProfile).toMatchObject({
    gatewayAPI: { installation: "Standard" },
    webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode: "Enabled" } } },
  });
  const { ingressProfile: _, eTag, systemData, ...rest } = on;
  expect(before).toMatchObject(JSON.parse(JSON.stringify(rest)));
  expect(eTag).not.toBe(before.eTag);

  const removed = await stateText({ clusterId }, ["delete", clusterId, {}], ["read", clusterId, {}]);
  expect(removed.results[1].props).toEqual({ clusterId, enabled: false, wasOn: false });

  expect(made.text).not.toContain(root);
  expect(made.text.match(/require\(|createRequire\(/g)).toHaveLength(1);
  expect(made.text.length).toBeLessThan(4000);
}, 30_000);
