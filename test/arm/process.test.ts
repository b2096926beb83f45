import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CertificateAuthority } from "../../rehearsal/certs.ts";

const root = join(import.meta.dirname, "../..");
const node = join(root, "node_modules/.bin/node");
let dir: string;
let tls: { cert: string; key: string };
let caFile: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "arm-"));
  const authority = await CertificateAuthority.create("test");
  tls = await authority.issueTo(dir, "arm", { name: "arm", hosts: ["127.0.0.1"] });
  caFile = join(dir, "ca.crt");
  await writeFile(caFile, authority.cert);
});
afterAll(() => rm(dir, { recursive: true }));

function start(...args: string[]): ChildProcess {
  return spawn(node, ["rehearsal/arm/main.ts", "--cert", tls.cert, "--key", tls.key, "--dir", dir, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const [out, err, [code]] = await Promise.all([
    text(child.stdout as NonNullable<typeof child.stdout>),
    text(child.stderr as NonNullable<typeof child.stderr>),
    once(child, "close"),
  ]);
  return { code, out, err };
}

describe("as a process", () => {
  test("serves azureSession of the project, logs requests without tokens, ends on SIGTERM", async () => {
    const server = start();
    const lines: string[] = [];
    const reader = createInterface({ input: server.stdout as NonNullable<typeof server.stdout> });
    const ready = once(reader, "line");
    reader.on("line", (line) => lines.push(line));
    const end = once(server, "close");
    await ready;
    const file = join(dir, "arm.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const arm = JSON.parse(await readFile(file, "utf8"));

    const program = `
      import { azureSession } from "./components/azure/session.ts";
      import { ResourceManagementClient } from "@azure/arm-resources";
      const { credential, endpoint, scopes } = await azureSession();
      const client = new ResourceManagementClient(credential, process.env.ARM_SUBSCRIPTION_ID,
        { endpoint, credentials: { scopes } });
      const group = await client.resourceGroups.createOrUpdate("rg", { location: "westus3" });
      console.log(group.id);
    `;
    const client = await ended(
      spawn(node, ["--input-type=module-typescript", "-e", program], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env["PATH"],
          NODE_EXTRA_CA_CERTS: caFile,
          ARM_METADATA_HOSTNAME: arm.metadataHost,
          ARM_TENANT_ID: arm.tenantId,
          ARM_CLIENT_ID: arm.clientId,
          ARM_CLIENT_SECRET: arm.clientSecret,
          ARM_SUBSCRIPTION_ID: arm.subscriptionId,
        },
      }),
    );
    expect(client).toMatchObject({
      code: 0,
      out: `/subscriptions/${arm.subscriptionId}/resourceGroups/rg\n`,
    });

    server.kill("SIGTERM");
    expect((await end)[0]).toBe(0);
    const records = lines.slice(1).map((line) => JSON.parse(line));
    expect(records.at(-1)).toMatchObject({ method: "PUT", status: 201 });
    expect(lines.join()).not.toContain(arm.clientSecret);
    expect(lines.join()).not.toMatch(/bearer|eyJ/i);
  }, 30_000);

  test.each([
    {
      name: "an unknown scenario",
      args: ["--scenario", "nope"],
      says: /no scenario "nope".*known:[\s\S]*throttled: /,
    },
    { name: "a port that is no number", args: ["--port", "http"], says: /--port must be a whole number/ },
    {
      name: "a missing certificate",
      args: ["--cert", "/nowhere/arm.crt"],
      says: /can't read \/nowhere\/arm.crt/,
    },
  ])(
    "$name ends with one message",
    async ({ args, says }) => {
      const { code, err } = await ended(start(...args));
      expect(code).toBe(1);
      expect(err).toMatch(says);
      expect(err).not.toMatch(/\n\s+at /);
    },
    30_000,
  );

  test("a port in use is named", async () => {
    const { createServer } = await import("node:net");
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    const { code, err } = await ended(start("--port", String(port)));
    holder.close();
    expect(code).toBe(1);
    expect(err.trim()).toBe(
      `port ${port} on 127.0.0.1 is in use; give another with --port, or none for a free one`,
    );
  }, 30_000);
});
