import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "../../cli/main.ts";
import manifest from "../../package.json" with { type: "json" };
import { type Rig, startRig } from "../arm/support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ask = [
  "select-sku",
  "--gpus",
  "1",
  "--preferred-skus",
  "Standard_NC24ads_A100_v4,Standard_NV36ads_A10_v5",
];

const originalCertificates = getCACertificates("default");

let rig: Rig;
let dir: string;
let azure: Record<string, string>;
beforeAll(async () => {
  rig = await startRig();
  dir = await mkdtemp(join(tmpdir(), "select-sku-"));
  await writeFile(join(dir, "ca.crt"), rig.ca);
  azure = {
    ARM_METADATA_HOSTNAME: rig.arm.metadataHost,
    ARM_SUBSCRIPTION_ID: rig.arm.subscriptionId,
    ARM_TENANT_ID: rig.arm.tenantId,
    ARM_CLIENT_ID: rig.arm.clientId,
    ARM_CLIENT_SECRET: rig.arm.clientSecret,
  };
  setDefaultCACertificates([...originalCertificates, rig.ca]);
});
afterAll(async () => {
  setDefaultCACertificates(originalCertificates);
  await rig.close();
  await rm(dir, { recursive: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command in this process, with nothing in its environment but what is given. */
async function mcpaas(args: string[], env: Record<string, string> = azure): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const catching = (stream: keyof typeof written) => (text: unknown) => {
    written[stream] += text;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(catching("stdout"));
  vi.spyOn(process.stderr, "write").mockImplementation(catching("stderr"));
  vi.spyOn(console, "log").mockImplementation((text) => void catching("stdout")(`${text}\n`));
  vi.spyOn(console, "error").mockImplementation((text) => void catching("stderr")(`${text}\n`));
  const before = process.env;
  process.env = { PATH: dir, ...env };
  try {
    return { code: await main(args), ...written };
  } finally {
    process.env = before;
    vi.restoreAllMocks();
  }
}

/** Runs the command as a person does, for what only a process of its own shows. */
function mcpaasProcess(args: string[], env: Record<string, string> = azure): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: dirname(process.execPath), ...env } };
    execFile("cli/mcpaas.ts", args, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe("mcpaas select-sku", () => {
  it("ends with 0 and the chosen size first, with every verdict", async () => {
    const { code, stdout, stderr } = await mcpaas([...ask, "--location", "eastus"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Standard_NV36ads_A10_v5 has quota for 1 node \(surge included\) in eastus\n/);
    expect(stdout).toMatch(/\n {3}Standard_NC24ads_A100_v4 +preferred +family-quota +needs 24 vCPUs/);
    expect(stdout).toMatch(/\n> {2}Standard_NV36ads_A10_v5 +preferred +ok +/);
    expect(stdout).toContain("Quota is necessary, not sufficient");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("ends with 3 when nothing fits, and says what to raise and where it would fit", async () => {
    const { code, stdout } = await mcpaas([
      ...ask,
      ...["--location", "eastus", "--max-count", "3", "--other-locations", "westus3,australiaeast"],
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^No VM size can run 3 nodes \(surge included\) in eastus\n/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("raise Standard NVADSA10v5 Family vCPUs by 36 to 108");
    expect(stdout).toContain("use westus3, where Standard_NC24ads_A100_v4 would pass");
    expect(stdout).toContain("australiaeast has no size that would pass either");
  });

  it("prints JSON for both, and takes its settings from the environment", async () => {
    const env = {
      ...azure,
      LOCATION: "West US 3",
      NODE_ARCH: "amd64",
      PREFERRED_SKUS: "Standard_NC40ads_H100_v5, Standard_NC24ads_A100_v4",
    };
    const fits = await mcpaas(["select-sku", "--gpus", "1", "--json"], env);
    expect(fits.code).toBe(0);
    const chosen = JSON.parse(fits.stdout);
    expect(chosen).toMatchObject({ location: "westus3", vmSize: "Standard_NC40ads_H100_v5", verified: true });
    expect(chosen.verdicts[0]).toMatchObject({
      vmSize: "Standard_NC40ads_H100_v5",
      code: "ok",
      need: 40,
    });

    const none = await mcpaas(["select-sku", "--gpus", "8", "--json", "--other-locations", "eastus"], env);
    expect(none.code).toBe(3);
    expect(JSON.parse(none.stdout)).toMatchObject({ vmSize: null, otherLocations: { eastus: null } });
  });

  it.each([
    [["--gpus", "1"], 0],
    [["--gpus", "0"], 1],
    [[], 1],
    [["--gpus", "1", "--max-surge", "1"], "1"],
    [["--max-surge", "0"], "0"],
  ])("takes the surge of this project's pools unless told otherwise: %j", async (flags, maxSurge) => {
    const { stdout } = await mcpaas(["select-sku", "--location", "eastus", "--json", ...flags]);
    expect(JSON.parse(stdout).request.maxSurge).toEqual(maxSurge);
  });

  it("counts the regular nodes that take over from spot ones", async () => {
    const flags = ["--spot", "--max-count", "1", "--fallback-count", "2", "--json"];
    const { stdout } = await mcpaas([...ask, "--location", "westus3", ...flags]);
    const { request, verdicts } = JSON.parse(stdout);
    expect(request).toMatchObject({ spot: true, fallback: { maxCount: 2 } });
    expect(verdicts[0]).toMatchObject({ vmSize: "Standard_NC24ads_A100_v4", need: 24, fallbackNeed: 48 });
    const alone = await mcpaas([...ask, "--location", "westus3", "--fallback-count", "2"]);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/--fallback-count .* add --spot, or leave it out/);
  });

  it("asks for spot, zones and surge when told so", async () => {
    const flags = ["--spot", "--zones", "1,9", "--max-surge", "50%", "--max-count", "4", "--json"];
    const { stdout } = await mcpaas(["select-sku", "--location", "eastus", ...flags]);
    const { request, verdicts } = JSON.parse(stdout);
    expect(request).toMatchObject({ spot: true, zones: ["1", "9"], maxSurge: "50%", maxCount: 4 });
    const { code, need } = verdicts[0];
    expect({ code, need }).toEqual({ code: "zone-restricted", need: 12 });
  });

  it("ends with 4 and one line when Azure can't be asked", async () => {
    for (const [change, text] of [
      [{ ARM_METADATA_HOSTNAME: "127.0.0.1:1" }, /^error: Azure can't be reached .*ARM_METADATA_HOSTNAME\n$/],
      [{ ARM_CLIENT_SECRET: "wrong" }, /^error: could not sign in to Azure .*ARM_TENANT_ID\n$/],
      [
        { ARM_SUBSCRIPTION_ID: "99999999-0000-0000-0000-000000000000" },
        /^error: Azure does not know the subscription/,
      ],
      [{ ARM_SUBSCRIPTION_ID: "" }, /^error: no subscription is known; pass --subscription/],
    ] as const) {
      const { code, stdout, stderr } = await mcpaas([...ask, "--location", "eastus"], {
        ...azure,
        ...change,
      });
      expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: "" });
      expect(stderr).toMatch(text);
    }
  });

  it("prefers the subscription of the command line, then the Azure CLI's", async () => {
    const unset = { ...azure, ARM_SUBSCRIPTION_ID: "" };
    const given = ["--subscription", rig.arm.subscriptionId];
    expect((await mcpaas([...ask, "--location", "eastus", ...given], unset)).code).toBe(0);
    await writeFile(join(dir, "az"), `#!/bin/sh\necho ${rig.arm.subscriptionId}\n`, { mode: 0o755 });
    expect((await mcpaas([...ask, "--location", "eastus"], unset)).code).toBe(0);
  });

  it.each([
    ["no region", ["--gpus", "1"], /required option '-l, --location <region>'/],
    ["a region of another form", ["--location", "east'us"], /name of a region/],
    ["a region that isn't one", ["--location", "nowhere"], /does not know the region/],
    ["half a node", ["--location", "eastus", "--max-count", "0.5"], /whole number, 1 or more/],
    ["no nodes", ["--location", "eastus", "--max-count", "0"], /whole number, 1 or more/],
    ["an unknown processor", ["--location", "eastus", "--node-arch", "riscv"], /amd64, arm64/],
    ["a surge in words", ["--location", "eastus", "--max-surge", "a third"], /percentage/],
    ["negative memory", ["--location", "eastus", "--min-memory", "-1"], /above 0/],
    ["an unknown flag", ["--location", "eastus", "--gpu", "1"], /unknown option '--gpu'/],
  ])("ends with 2 for %s, without a stack trace", async (_, args, text) => {
    const { code, stdout, stderr } = await mcpaas(["select-sku", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("docs/select-sku.md", () => {
  it("shows what the commands really print", async () => {
    const text = await readFile(join(root, "docs", "select-sku.md"), "utf8");
    const samples = [...text.matchAll(/```bash\nnpm run select-sku -- ([^`]+)```\n\n```text\n([^`]+)```/g)];
    expect(samples).toHaveLength(3);
    for (const [, command = "", output] of samples) {
      const args = command.replaceAll("\\\n", " ").trim().split(/\s+/);
      expect((await mcpaas(["select-sku", ...args])).stdout).toBe(output);
    }
  });
});

describe("mcpaas", () => {
  it("knows its version and its help", async () => {
    expect((await mcpaas(["--version"])).stdout.trim()).toBe(manifest.version);
    const help = await mcpaas(["select-sku", "--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("Exit codes:");
    expect(help.stdout.replaceAll(/\s+/g, " ")).toContain("(default: 0 with --gpus, else 1)");
    expect((await mcpaas(["--help"])).stdout).toContain("select-sku");
  });

  it("prints nothing about how this project tests itself", async () => {
    for (const args of [["--help"], ["select-sku", "--help"], ["settings", "--help"], ["settings"]]) {
      const { code, stdout } = await mcpaas(args);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(100);
      expect(stdout).not.toMatch(/rehears|emulat|stand-in/i);
    }
  });

  it("ends with 2 for a command that it doesn't know", async () => {
    const { code, stderr } = await mcpaas(["selectsku"]);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'selectsku'");
  });

  it("is a program of its own, which asks Azure and colours only what a terminal shows", async () => {
    const env = { ...azure, NODE_EXTRA_CA_CERTS: join(dir, "ca.crt"), NO_PROXY: "127.0.0.1" };
    const args = [...ask, "--location", "eastus", "--max-count", "3"];
    const [plain, coloured] = await Promise.all([
      mcpaasProcess(args, env),
      mcpaasProcess(args, { ...env, FORCE_COLOR: "1" }),
    ]);
    const colour = "\u001b[";
    expect(plain).toMatchObject({ code: 3, stderr: "" });
    expect(plain.stdout).not.toContain(colour);
    expect(coloured.stdout).toContain(colour);
  }, 30_000);
});
