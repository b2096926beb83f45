import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { dockerConfigJson } from "../../../components/acrTokenPassword/dockerConfig.ts";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { startContainerRegistry } from "../../../rehearsal/network/containerRegistry.ts";
import { startProxy } from "../../../rehearsal/network/proxy.ts";
import { Ports, Processes } from "../../../rehearsal/processes.ts";
import { ensureToolchain } from "../../../rehearsal/toolchain/toolchain.ts";
import { inGroup, makeGroup, putInGroup, type Rig, startRig, versions } from "../../arm/support.ts";

/** A user name and a password. */
export interface Login {
  username: string;
  password: string;
}

/** Azure with its container registries, as programs of this machine find them, and nothing else. */
export interface RegistryStage {
  rig: Rig;
  dir: string;
  /** What the registries were asked, as `host METHOD path status`. */
  requests: string[];
  /** The registries' clock, by which passwords and bearer tokens expire. */
  clock: { now: number };
  /** Variables by which programs find the registries; `login` for one of them. */
  env: (login?: { host: string } & Login) => Promise<NodeJS.ProcessEnv>;
  /** Runs crane with a login; fails with what crane said. */
  crane: (login: ({ host: string } & Login) | undefined, ...args: string[]) => Promise<string>;
  /** A request to a registry without any client's help. */
  ask: (host: string, method: string, path: string, authorization?: string) => Promise<Answer>;
  makeRegistry: (name: string) => Promise<void>;
  /** Makes a registry token for these actions of its scope map, with a password. */
  makeToken: (registry: string, name: string, actions: string[], expiry?: string) => Promise<Login>;
  setToken: (registry: string, name: string, properties: object) => Promise<void>;
  close: () => Promise<void>;
}

/** An answer without any client's help. */
export interface Answer {
  status: number;
  authenticate: string | undefined;
  body: string;
}

const type = "Microsoft.ContainerRegistry/registries";

/** Starts Azure and its registries; the toolchain comes from the cache, or is built. */
export async function startRegistryStage(): Promise<RegistryStage> {
  const dir = await mkdtemp(join(tmpdir(), "mcpaas-images-"));
  const { bin } = await ensureToolchain({ onProgress: (line) => console.log(line) });
  const rig = await startRig();
  await makeGroup(rig);
  const failures: Error[] = [];
  const processes = new Processes(dir, (error) => failures.push(error));
  const ca = await CertificateAuthority.create();
  await writeFile(join(dir, "ca.pem"), ca.cert);
  const requests: string[] = [];
  const clock = { now: Date.now() };
  const registry = await startContainerRegistry({
    ...{ bin, processes, ports: new Ports() },
    registries: {
      registryMade: rig.arm.registryMade,
      registryLogin: (login) => rig.arm.registryLogin({ ...login, at: new Date(clock.now) }),
    },
    now: () => clock.now,
    onRequest: ({ host, method, path, status }) => requests.push(`${host} ${method} ${path} ${status}`),
  });
  const proxy = await startProxy(ca, [registry], () => undefined);
  let logins = 0;

  const env: RegistryStage["env"] = async (login) => {
    const config = join(dir, `login-${logins++}`);
    const text = login ? dockerConfigJson(login.host, login.username, login.password) : "{}";
    await execa("mkdir", [config]);
    await writeFile(join(config, "config.json"), text, { mode: 0o600 });
    return {
      PATH: `${bin}:${process.env["PATH"]}`,
      HOME: dir,
      DOCKER_CONFIG: config,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      SSL_CERT_FILE: join(dir, "ca.pem"),
    };
  };

  return {
    ...{ rig, dir, requests, clock, env },
    async crane(login, ...args) {
      const done = await execa("crane", args, { env: await env(login), extendEnv: false, reject: false });
      if (done.exitCode !== 0) {
        throw new Error(done.stderr);
      }
      return done.stdout;
    },
    ask: (host, method, path, authorization) =>
      new Promise((resolve, reject) => {
        const headers = { host, ...(authorization === undefined ? {} : { authorization }) };
        const call = request({ port: registry.port, host: "127.0.0.1", method, path, headers });
        call.on("error", reject);
        call.on("response", async (response) =>
          resolve({
            status: response.statusCode ?? 0,
            authenticate: response.headers["www-authenticate"],
            body: await text(response),
          }),
        );
        call.end();
      }),
    async makeRegistry(name) {
      const body = { location: "eastus", sku: { name: "Basic" } };
      await putInGroup(rig, `${type}/${name}`, versions.registry, body);
    },
    async makeToken(registryName, name, actions, expiry) {
      const at = `${type}/${registryName}`;
      await putInGroup(rig, `${at}/scopeMaps/${name}`, versions.registry, { properties: { actions } });
      const scopeMapId = inGroup(rig, `${at}/scopeMaps/${name}`);
      await putInGroup(rig, `${at}/tokens/${name}`, versions.registry, { properties: { scopeMapId } });
      const answer = await rig.raw("POST", inGroup(rig, `${at}/generateCredentials?${versions.registry}`), {
        body: { tokenId: inGroup(rig, `${at}/tokens/${name}`), name: "password1", ...(expiry && { expiry }) },
      });
      return { username: name, password: answer.body.passwords[0].value };
    },
    async setToken(registryName, name, properties) {
      const path = inGroup(rig, `${type}/${registryName}/tokens/${name}?${versions.registry}`);
      await rig.finish(await rig.raw("PATCH", path, { body: { properties } }));
    },
    async close() {
      await proxy.close();
      await registry.close();
      await processes.stopAll();
      await rig.close();
      await rm(dir, { recursive: true, force: true });
      if (failures.length > 0) {
        throw failures[0];
      }
    },
  };
}
