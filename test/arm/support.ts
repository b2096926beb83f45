import { writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { ClientSecretCredential } from "@azure/identity";
import { type Arm, type ArmOptions, startArm } from "../../rehearsal/arm/server.ts";
import { CertificateAuthority } from "../../rehearsal/certs.ts";

/** A running server with what a test needs to talk to it. */
export interface Rig {
  arm: Arm;
  ca: string;
  /** The group that the helpers use. */
  group: string;
  credential: ClientSecretCredential;
  /** Options for any official client. */
  client: {
    endpoint: string;
    credentials: { scopes: string[] };
    tlsOptions: { ca: string };
    retryOptions: { maxRetries: number };
  };
  aks: ContainerServiceClient;
  raw(method: string, path: string, options?: RawOptions): Promise<Answer>;
  /** Waits for an operation by its status URL. */
  finish(answer: Answer): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Of a request without an SDK. */
export interface RawOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** @default a token that the server issued */
  token?: string | null;
}

/** An answer without an SDK. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  body: any;
}

const authority = CertificateAuthority.create("test");

/** Starts a server whose operations take 20 ms. */
export async function startRig(options: Partial<ArmOptions> = {}): Promise<Rig> {
  const issuer = await authority;
  const tls = await issuer.issue({ name: "arm", hosts: ["127.0.0.1", "login.microsoftonline.com"] });
  const arm = await startArm({ tls, delays: { operationMs: 20 }, ...options });
  const ca = issuer.cert;
  const agent = new Agent({ ca, keepAlive: true });
  const credential = new ClientSecretCredential(arm.tenantId, arm.clientId, arm.clientSecret, {
    authorityHost: arm.endpoint,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const client = {
    endpoint: arm.endpoint,
    // The default is Azure's own audience, which this cloud doesn't take.
    credentials: { scopes: [`${arm.endpoint}/.default`] },
    tlsOptions: { ca },
    retryOptions: { maxRetries: 0 },
  };
  const bearer = (await credential.getToken(`${arm.endpoint}/.default`)).token;

  function raw(method: string, path: string, { body, headers, token }: RawOptions = {}): Promise<Answer> {
    const url = path.startsWith("https://") ? path : `${arm.endpoint}${path}`;
    return new Promise((resolve, reject) => {
      const call = request(url, {
        method,
        agent,
        headers: {
          "content-type": "application/json",
          ...(token === null ? {} : { authorization: `Bearer ${token ?? bearer}` }),
          ...headers,
        },
      });
      // `request` normalises no path, so that doubled slashes reach the server.
      call.on("error", reject);
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text ? JSON.parse(text) : undefined,
          });
        });
      });
      call.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    });
  }

  async function finish(answer: Answer): Promise<Record<string, unknown>> {
    const url = String(answer.headers["azure-asyncoperation"]);
    for (;;) {
      const status = await raw("GET", url);
      if (status.body.status !== "InProgress") {
        return status.body;
      }
    }
  }

  return {
    arm,
    ca,
    group: "rg",
    credential,
    client,
    aks: new ContainerServiceClient(credential, arm.subscriptionId, client),
    raw,
    finish,
    async close() {
      agent.destroy();
      await arm.close();
    },
  };
}

/** The variables with which a process of its own finds this Azure; its certificate authority goes into `dir`. */
export async function azureEnvironment({ arm, ca }: Rig, dir: string): Promise<NodeJS.ProcessEnv> {
  const file = join(dir, "ca.crt");
  await writeFile(file, ca);
  return {
    ...process.env,
    ARM_METADATA_HOSTNAME: arm.metadataHost,
    ARM_TENANT_ID: arm.tenantId,
    ARM_CLIENT_ID: arm.clientId,
    ARM_CLIENT_SECRET: arm.clientSecret,
    NODE_EXTRA_CA_CERTS: file,
    NO_PROXY: "127.0.0.1",
  };
}

/** Path of a subscription-level thing. */
export function sub(rig: Rig, rest: string): string {
  return `/subscriptions/${rig.arm.subscriptionId}${rest}`;
}

/** Path of a resource in the rig's group. */
export function inGroup(rig: Rig, rest: string): string {
  return sub(rig, `/resourceGroups/${rig.group}/providers/${rest}`);
}

export const versions = {
  group: "api-version=2024-03-01",
  aks: "api-version=2025-09-01",
  registry: "api-version=2023-07-01",
  identity: "api-version=2023-01-31",
  role: "api-version=2022-04-01",
} as const;

/** Makes the rig's group. */
export async function makeGroup(rig: Rig, location = "eastus"): Promise<void> {
  const answer = await rig.raw("PUT", sub(rig, `/resourceGroups/${rig.group}?${versions.group}`), {
    body: { location },
  });
  if (answer.status >= 300) {
    throw new Error(JSON.stringify(answer.body));
  }
}

/** A cluster's body: one system pool of two D4s_v5. */
export function clusterBody(location = "eastus", properties: Record<string, unknown> = {}) {
  return {
    location,
    identity: { type: "SystemAssigned" as const },
    properties: {
      dnsPrefix: "demo",
      oidcIssuerProfile: { enabled: true },
      agentPoolProfiles: [{ name: "system", mode: "System", count: 2, vmSize: "Standard_D4s_v5" }],
      ...properties,
    },
  };
}

/** Puts a cluster and waits for it. */
export async function makeCluster(
  rig: Rig,
  name = "demo",
  body: unknown = clusterBody(),
): Promise<Record<string, unknown>> {
  const path = inGroup(rig, `Microsoft.ContainerService/managedClusters/${name}?${versions.aks}`);
  const answer = await rig.raw("PUT", path, { body });
  if (answer.status !== 201 && answer.status !== 200) {
    throw new Error(JSON.stringify(answer.body));
  }
  return rig.finish(answer);
}

/** Puts a pool of the cluster `demo`; the answer may be a refusal. */
export function putPool(rig: Rig, name: string, properties: Record<string, unknown>): Promise<Answer> {
  const path = inGroup(
    rig,
    `Microsoft.ContainerService/managedClusters/demo/agentPools/${name}?${versions.aks}`,
  );
  return rig.raw("PUT", path, { body: { properties } });
}

/** Puts a resource of the rig's group and waits for it; the answer is the first one. */
export async function putInGroup(rig: Rig, type: string, version: string, body: unknown): Promise<Answer> {
  const answer = await rig.raw("PUT", inGroup(rig, `${type}?${version}`), { body });
  if (answer.headers["azure-asyncoperation"]) {
    await rig.finish(answer);
  }
  return answer;
}

/** All that exists, by type. */
export async function inventory(
  rig: Rig,
): Promise<{ id: string; type: string; provisioningState: string }[]> {
  return (await rig.raw("GET", "/_rehearsal/inventory")).body.resources;
}
