import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fate } from "./actions.ts";
import { clusterAddOnsOf } from "./addOns.ts";
import { changeWatch } from "./changeWatch.ts";
import { Control } from "./control.ts";
import { Entra, publicReply } from "./entra.ts";
import { ArmError } from "./errors.ts";
import { Faults } from "./faults.ts";
import { forcedError } from "./forced.ts";
import { type ArmRequest, commonHeaders, jsonOf, type Reply, readRequest, writeReply } from "./http.ts";
import { ingressProfileOf } from "./ingressProfile.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Notifications } from "./notifications.ts";
import { Operations } from "./operations.ts";
import type { ArmOptions } from "./options.ts";
import { subjectOf } from "./resolve.ts";
import { Router } from "./router.ts";
import { scenarioNamed } from "./scenarios.ts";
import { Store } from "./store.ts";
import { rowOf } from "./types/index.ts";
import { registryAt } from "./types/registry.ts";
import { type RegistryGrant, type RegistryLogin, registryLogin } from "./types/tokenPasswords.ts";
import { ids, World } from "./world.ts";

export type { ArmOptions, RequestRecord } from "./options.ts";

/** Azure Resource Manager on this machine. */
export interface Arm {
  port: number;
  /** Base URL of Resource Manager and of the token endpoint. */
  endpoint: string;
  /** What `ARM_METADATA_HOSTNAME` has to be. */
  metadataHost: string;
  tenantId: string;
  subscriptionId: string;
  clientId: string;
  /** Random for each start. */
  clientSecret: string;
  /** When the registry with this host was made, as ISO time; nothing when there is none. */
  registryMade(loginServer: string): string | undefined;
  /** What a token may do in its registry, for a registry that asks who knocks; nothing when it may not enter. */
  registryLogin(login: RegistryLogin): RegistryGrant | undefined;
  /** Stops at once; operations that are under way are abandoned. */
  close(): Promise<void>;
}

/** Starts Azure Resource Manager on 127.0.0.1. @throws {Error} with code `EADDRINUSE` when the port is taken */
export async function startArm(options: ArmOptions): Promise<Arm> {
  const faults = new Faults(options.scenario ?? scenarioNamed("healthy"), options.seed ?? 1);
  const operationMs = options.delays?.operationMs ?? 150;
  const holdMs = options.delays?.holdMs ?? 1000;
  const notifications = new Notifications({ retryMs: operationMs, holdMs });
  const world = new World({
    store: new Store(),
    faults,
    notifications,
    seed: options.seed ?? 1,
    ...(options.kubeconfig ? { kubeconfig: options.kubeconfig } : {}),
  });
  const entra = new Entra();
  const operations = new Operations(operationMs, holdMs);
  const pools = changeWatch(() => world.pools(), options.onAgentPools, []);
  const ingress = changeWatch(() => ingressProfileOf(world.store), options.onIngressProfile, undefined);
  const addOns = changeWatch(() => clusterAddOnsOf(world.store), options.onClusterAddOns, undefined);
  const lifecycle = new Lifecycle(world, operations, async () => {
    await Promise.all([pools(), ingress(), addOns()]);
  });
  const router = new Router(world, lifecycle, operations);
  const control = new Control(world);
  let served = 0;

  const server = createServer({ cert: options.tls.cert, key: options.tls.key }, (message, response) => {
    const start = performance.now();
    served += 1;
    void serve(message, response, served).then((record) => {
      options.onRequest?.({ ...record, ms: Math.round(performance.now() - start) });
    });
  });

  async function serve(message: IncomingMessage, response: ServerResponse, count: number) {
    const record = {
      method: message.method ?? "",
      path: (message.url ?? "").split("?", 1)[0] ?? "",
      status: 0,
    };
    try {
      const request = await readRequest(message);
      const reply = await answer(request, response);
      if (reply) {
        record.status = reply.status;
        writeReply(response, { ...reply, headers: { ...commonHeaders(request, count), ...reply.headers } });
      }
    } catch (error) {
      const reply = replyTo(error);
      record.status = reply.status;
      writeReply(response, reply);
    }
    return record;
  }

  /** Undefined when the connection was cut on purpose. */
  async function answer(request: ArmRequest, response: ServerResponse): Promise<Reply | undefined> {
    const open = publicReply(request, entra) ?? control.reply(request);
    if (open) {
      return open;
    }
    const subject = subjectOf(request);
    const { type } = subject;
    const row = rowOf(type);
    control.count(request, type);
    try {
      entra.check(request.headers["authorization"]);
      // Status requests are left alone: a fault there would be one of the operation's own.
      const effects = /\/operation(s|results)\//i.test(request.path)
        ? []
        : faults.next({ method: request.method, ...subject, vmSize: vmSizeOf(request) });
      const fate: Fate = {};
      for (const effect of effects) {
        if (effect.kind === "delay") {
          await sleep(effect.ms);
        } else if (effect.kind === "reset") {
          response.socket?.destroy();
          return undefined;
        } else if (effect.kind === "fail-operation") {
          fate.failure = effect;
        } else if (effect.kind === "later") {
          fate.later = true;
        } else {
          throw forcedError(world, request, effect);
        }
      }
      return await router.answer(request, fate);
    } catch (error) {
      if (!(error instanceof ArmError)) {
        throw error;
      }
      return replyTo(error, (row?.aks || row?.bareErrors) === true && error.fromProvider);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `https://127.0.0.1:${port}`;
  world.endpoint = endpoint;
  entra.listen(endpoint);
  return {
    port,
    endpoint,
    metadataHost: `127.0.0.1:${port}`,
    tenantId: ids.tenant,
    subscriptionId: ids.subscription,
    clientId: ids.client,
    clientSecret: entra.clientSecret,
    registryMade: (loginServer) => registryAt(world, loginServer)?.created,
    registryLogin: (login) => registryLogin(world, login),
    async close() {
      await Promise.all([operations.close(), notifications.close()]);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** @param bare without the envelope, as AKS does */
function replyTo(error: unknown, bare = false): Reply {
  if (error instanceof ArmError) {
    return { status: error.status, headers: error.headers, body: error.body(bare) };
  }
  // Only a request that broke off in the middle or a defect of the emulation gets here.
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 500, body: { error: { code: "EmulationDefect", message } } };
}

function vmSizeOf(request: ArmRequest): string | undefined {
  if (request.method !== "PUT") {
    return undefined;
  }
  const body = jsonOf(request) as { properties?: { vmSize?: string } } | undefined;
  return body?.properties?.vmSize;
}
