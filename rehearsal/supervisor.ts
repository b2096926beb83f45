/**
 * The process that holds a rehearsal's surroundings together: it serves Azure Resource Manager, starts
 * the control plane and the registry, runs controllers for their pods, and ends all of it when it is
 * told to, when its starter is gone, or when a part fails. `environment.ts` starts it and talks to it.
 */
import { createWriteStream } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serverApplication, signInHost } from "./arm/entra.ts";
import { scenarioNamed } from "./arm/scenarios.ts";
import { type Arm, startArm } from "./arm/server.ts";
import { ids } from "./arm/world.ts";
import { builderVariable, dockerVersion } from "./builder.ts";
import { CertificateAuthority } from "./certs.ts";
import { AddOns } from "./cluster/addOns.ts";
import { persistentVolumes } from "./cluster/containerPlace.ts";
import { startControlPlane } from "./cluster/controlPlane.ts";
import { startEgress } from "./cluster/egress.ts";
import { Gateways } from "./cluster/gateway/gateways.ts";
import { startGatewayServer } from "./cluster/gateway/server.ts";
import { startGpuAgents } from "./cluster/gpuAgents.ts";
import { startLocalCluster } from "./cluster/localCluster.ts";
import { syncNodes } from "./cluster/nodes.ts";
import { PodPorts } from "./cluster/podPorts.ts";
import { startServiceProxy, type Target } from "./cluster/serviceProxy.ts";
import { serviceApi, serviceNetwork } from "./cluster/serviceTarget.ts";
import { startPodRunner } from "./cluster/startPodRunner.ts";
import { startVolumes } from "./cluster/volumes.ts";
import { RehearsalError } from "./errors.ts";
import { type Identity, identityOf, signal } from "./identity.ts";
import type { Environment, StarterMessage, SupervisorMessage } from "./messages.ts";
import { startNetwork } from "./network/network.ts";
import { Ports, Processes } from "./processes.ts";

const { values } = parseArgs({
  options: {
    dir: { type: "string" },
    bin: { type: "string" },
    share: { type: "string" },
    stack: { type: "string", default: "dev" },
    scenario: { type: "string" },
    seed: { type: "string" },
    "port-base": { type: "string" },
    "gpu-labels-after-ms": { type: "string" },
  },
});
const dir = values.dir ?? ".";
const closers: (() => Promise<void>)[] = [];
const processes = new Processes(dir, fail);
let ending = false;
// A starter that lets go on purpose says so first; one that just vanishes takes the rehearsal with it,
// and the command that it was running.
let keep = false;
let entrusted: Identity | undefined;

function tell(message: SupervisorMessage): void {
  if (process.connected) {
    process.send?.(message);
  }
}

function fail(error: unknown): void {
  // What breaks while everything is being ended is no news.
  if (ending) {
    return;
  }
  if (error instanceof RehearsalError) {
    tell({ kind: "failed", message: error.message, hint: error.hint });
  } else {
    console.error(error);
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
  void end(1);
}

async function end(code: number): Promise<void> {
  if (ending) {
    return;
  }
  ending = true;
  for (const close of closers.reverse()) {
    await close().catch((error: unknown) => console.error(error));
  }
  await processes.stopAll();
  process.exit(code);
}

process.on("SIGTERM", () => void end(0));
process.on("SIGINT", () => void end(0));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.on("message", (message: StarterMessage) => {
  if (message.kind === "keep") {
    keep = true;
  } else {
    entrusted = message.pid === undefined ? undefined : identityOf(message.pid);
  }
});
process.on("disconnect", () => {
  if (!keep) {
    if (entrusted) {
      signal(entrusted, "SIGKILL");
    }
    void end(0);
  }
});

async function start(): Promise<void> {
  const [bin, share] = [values.bin ?? "", values.share ?? ""];
  const ports = new Ports(values["port-base"] === undefined ? undefined : Number(values["port-base"]));
  await mkdir(dir, { recursive: true });
  const ca = await CertificateAuthority.create();
  await writeFile(join(dir, "ca.pem"), ca.cert);

  tell({
    kind: "step",
    text: "starting etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok",
  });
  const clusterDir = join(dir, "cluster");
  await mkdir(clusterDir, { recursive: true });
  const podPorts = new PodPorts();
  let services: Target | undefined;
  const target: Target = async (host, port) => await services?.(host, port);
  const egress = await startEgress({
    ca,
    port: await ports.own("the API server's way into the cluster"),
    dir: clusterDir,
    target,
  });
  closers.push(() => egress.close());
  const gatewayServer = await startGatewayServer(target, {
    http: await ports.own("Gateways, plain"),
    https: await ports.own("Gateways, over TLS"),
  });
  closers.push(() => gatewayServer.close());
  const { portFor } = gatewayServer;
  const serviceProxy = await startServiceProxy(target, await ports.own("the way to Services"), portFor);
  closers.push(() => serviceProxy.close());
  const podProxy = await startServiceProxy(target, 0, portFor, "pod");
  closers.push(() => podProxy.close());
  tell({ kind: "step", text: "starting Azure Resource Manager" });
  const armLog = createWriteStream(join(dir, "logs", "arm.log"), { flags: "a" });
  // Before the API server, which asks Entra ID for its keys as soon as it starts. What Azure calls of the cluster is
  // there by the time that anybody asks Azure.
  const arm = await startArm({
    tls: await ca.issue({ name: "rehearsal-arm", hosts: ["127.0.0.1", "localhost", signInHost] }),
    port: await ports.own("Azure Resource Manager"),
    kubeconfig: () => readFile(cluster.userKubeconfig, "utf8"),
    onRequest: (record) => armLog.write(`${JSON.stringify({ time: new Date().toISOString(), ...record })}\n`),
    onAgentPools: (pools) => syncNodes(cluster.adminKubeconfig, pools),
    onIngressProfile: (profile) => gateways.sync(profile),
    onClusterAddOns: (wanted) => addOns.sync(wanted),
    ...(values.scenario === undefined ? {} : { scenario: scenarioNamed(values.scenario) }),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  });
  const cluster = await startControlPlane({
    ...{ ca, processes, ports, bin, share, dir: clusterDir },
    egressConfig: egress.config,
    entra:
      values.stack === "local"
        ? undefined
        : { endpoint: arm.endpoint, tenant: ids.tenant, audience: serverApplication },
  });
  const local = values.stack === "local" ? await startLocalCluster(cluster.adminKubeconfig, dir) : undefined;
  services = serviceNetwork(serviceApi(cluster.adminKubeconfig), podPorts);
  const prometheusPort = await ports.take("Prometheus");
  const addOns = new AddOns({
    ...{ ca, processes, podPorts, bin, share, dir: clusterDir, prometheusPort },
    ...{ server: cluster.server, adminKubeconfig: cluster.adminKubeconfig },
    proxy: `http://127.0.0.1:${podProxy.port}`,
  });
  closers.push(() => addOns.close());
  const metricsApi = addOns.start();
  const gateways = new Gateways(cluster.adminKubeconfig, share, gatewayServer);
  closers.push(() => gateways.close());

  closers.push(() => arm.close());

  tell({
    kind: "step",
    text: "starting the registries, the chart repositories and the certificate authorities",
  });
  const proxy = await startNetwork({
    ...{ dir, ca, bin, share, processes, ports, registries: arm },
    passage: (host, port) => (host === signInHost && port === 443 ? arm.port : portFor(host, port)),
    ...{ challengePort: gatewayServer.httpPort },
  });
  closers.push(() => proxy.close());
  await appendFile(join(dir, "ca.pem"), `\n${proxy.trustedRoot}`);
  closers.push(
    await startPodRunner({
      adminKubeconfig: cluster.adminKubeconfig,
      server: cluster.server,
      ca: ca.cert,
      bin,
      dir: clusterDir,
      ...{ processes, ports, podPorts },
      serviceProxy: `http://127.0.0.1:${podProxy.port}`,
      outside: { ...outside(proxy.port), HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
    }),
  );
  const labelsAfter = values["gpu-labels-after-ms"];
  closers.push(
    await startGpuAgents(
      cluster.adminKubeconfig,
      labelsAfter === undefined ? undefined : Number(labelsAfter),
    ),
    await startVolumes(cluster.adminKubeconfig, persistentVolumes(clusterDir), local && "kind"),
  );
  const [builder] = await Promise.all([dockerVersion(), metricsApi]);
  const environment: Environment = {
    stack: values.stack,
    armEndpoint: arm.endpoint,
    kubeconfig: cluster.adminKubeconfig,
    serviceProxy: `http://127.0.0.1:${serviceProxy.port}`,
    prometheus: `http://127.0.0.1:${prometheusPort}`,
    ...(builder === undefined ? {} : { builder }),
    variables: local
      ? { ...outside(proxy.port), KUBECONFIG: local.kubeconfig }
      : { ...variablesFor(arm, proxy.port), [builderVariable]: builder ? "docker" : "none" },
  };
  await writeFile(join(dir, "environment.json"), JSON.stringify(environment, undefined, 2), { mode: 0o600 });
  tell({ kind: "ready" });
}

/** How programs find public hosts, and the authority that vouches for them. */
function outside(proxyPort: number): Record<string, string> {
  const caFile = join(dir, "ca.pem");
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    NO_PROXY: "127.0.0.1,localhost",
  };
}

/** How programs of this environment find Azure, and all else that is outside. */
function variablesFor(arm: Arm, proxyPort: number): Record<string, string> {
  return {
    ARM_METADATA_HOSTNAME: arm.metadataHost,
    ARM_SUBSCRIPTION_ID: arm.subscriptionId,
    ARM_TENANT_ID: arm.tenantId,
    ARM_CLIENT_ID: arm.clientId,
    ARM_CLIENT_SECRET: arm.clientSecret,
    // As a pipeline tells kubelogin to sign in, whatever the kubeconfig says.
    AAD_LOGIN_METHOD: "spn",
    AAD_SERVICE_PRINCIPAL_CLIENT_ID: arm.clientId,
    AAD_SERVICE_PRINCIPAL_CLIENT_SECRET: arm.clientSecret,
    AZURE_TENANT_ID: arm.tenantId,
    ...outside(proxyPort),
  };
}

start().catch(fail);
