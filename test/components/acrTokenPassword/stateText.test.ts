import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  azureEnvironment,
  inGroup,
  makeGroup,
  putInGroup,
  type Rig,
  startRig,
  versions,
} from "../../arm/support.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const registry = "Microsoft.ContainerRegistry/registries/demoreg1";

let rig: Rig;
let dir: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  rig = await startRig();
  await makeGroup(rig);
  await putInGroup(rig, registry, versions.registry, { location: "eastus", sku: { name: "Basic" } });
  const scopeMapId = inGroup(rig, `${registry}/scopeMaps/_repositories_push`);
  await putInGroup(rig, `${registry}/tokens/push-phi`, versions.registry, { properties: { scopeMapId } });
  dir = await mkdtemp(join(tmpdir(), "state-text-"));
  env = await azureEnvironment(rig, dir);
});
afterAll(async () => {
  await rig.close();
  await rm(dir, { recursive: true });
});

describe("the provider's text in the state", () => {
  it("takes a password through its life against Azure, and captures nothing", async () => {
    const tokenId = inGroup(rig, `${registry}/tokens/push-phi`);
    const calls = [
      ["check", {}, "inputs"],
      ["create", 0],
      ["diff", tokenId, 1, 0],
      ["read", tokenId, 1],
      ["update", tokenId, { passwordName: "password1" }, 0],
      ["delete", tokenId, 4],
    ];
    const resource = "components/acrTokenPassword/resource.ts TokenPassword";
    const given = { tokenId, rotationDays: 30 };
    const argv = [program, resource, ...[given, ...calls].map((each) => JSON.stringify(each))];
    const { stdout } = await run(process.execPath, argv, { cwd: root, env });
    const { type, inputs, text, results } = JSON.parse(stdout.slice(stdout.indexOf("{")));

    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:TokenPassword");
    expect(inputs).toEqual({ ...given, __provider: text });
    const [checked, created, diffed, read, updated] = results;
    expect(checked.inputs).toMatchObject({ ...given, expiresAt: expect.any(String) });
    expect(created).toMatchObject({
      id: tokenId,
      outs: { passwordName: "password1", password: expect.any(String) },
    });
    expect(diffed).toEqual({ changes: false, replaces: [] });
    expect(read).toEqual({ id: tokenId, props: created.outs });
    expect(updated.outs.passwordName).toBe("password2");
    expect(updated.outs.password).not.toBe(created.outs.password);

    // The text is the same on every machine and holds no secret, no path and no library.
    expect(text).not.toContain(rig.arm.clientSecret);
    expect(text).not.toContain(root);
    expect(text.match(/require\(|createRequire\(/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(4000);
  }, 30_000);
});
