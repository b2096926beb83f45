import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { CertificateAuthority } from "../certs.ts";
import type { Ports, Processes } from "../processes.ts";
import { waitUntil } from "../processes.ts";
import { type EntraPlace, entraArguments } from "./entraAccess.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { frontProxy } from "./metrics/server.ts";
import { kwokStages } from "./podStages.ts";

/** What the control plane is started with. */
export interface ControlPlaneOptions {
  ca: CertificateAuthority;
  processes: Processes;
  ports: Ports;
  /** The toolchain's programs and data. */
  bin: string;
  share: string;
  /** Certificates, kubeconfigs and etcd's data go here. */
  dir: string;
  /** How the API server reaches the cluster's networks: the file that `startEgress` wrote. */
  egressConfig: string;
  /** Who vouches for users that have no certificate, and says what they may do. @default - nobody, as with kind */
  entra?: EntraPlace | undefined;
}

/** A running control plane. */
export interface ControlPlane {
  server: string;
  /** For the rehearsal's own use: a member of system:masters. */
  adminKubeconfig: string;
  /** What Azure's credential call hands out: the same rights, a key of its own. */
  userKubeconfig: string;
}

/** The Service network of an AKS cluster, by AKS's own default. */
const serviceNetwork = { cidr: "10.0.0.0/16", first: "10.0.0.1" };

/**
 * Starts etcd, kube-apiserver (RBAC and pod security admission on), kube-controller-manager with a
 * service account for each controller, kube-scheduler, and kwok, which plays the kubelet of nodes
 * that carry its annotation.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { ca, processes, ports, bin, dir } = options;
  const pki = join(dir, "pki");
  await mkdir(pki, { recursive: true });
  await writeFile(join(pki, "ca.crt"), ca.cert);
  const apiPort = await ports.take("the Kubernetes API server");
  const server = `https://127.0.0.1:${apiPort}`;
  const serving = await ca.issueTo(pki, "apiserver", {
    name: "kube-apiserver",
    hosts: [
      "127.0.0.1",
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      serviceNetwork.first,
    ],
  });
  // By this certificate the API server is known to those whom it passes requests on to.
  const front = await ca.issueTo(pki, "front-proxy", { name: frontProxy });
  const accounts = serviceAccountKeys();
  await writeFile(join(pki, "sa.key"), accounts.privateKey, { mode: 0o600 });
  await writeFile(join(pki, "sa.pub"), accounts.publicKey);

  const [etcdPort, etcdPeerPort] = [await ports.take("etcd"), await ports.take("etcd's peers")];
  const etcd = `http://127.0.0.1:${etcdPort}`;
  await processes.start({
    name: "etcd",
    program: join(bin, "etcd"),
    args: [
      `--data-dir=${join(dir, "etcd")}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${etcdPeerPort}`,
      // A rehearsal's data need not survive a power cut, and waiting for the disk costs seconds.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
  });
  await processes.start({
    name: "kube-apiserver",
    program: join(bin, "kube-apiserver"),
    args: [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${apiPort}`,
      `--tls-cert-file=${serving.cert}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${join(pki, "ca.crt")}`,
      ...(options.entra === undefined
        ? ["--authorization-mode=Node,RBAC"]
        : await entraArguments(dir, ca.cert, options.entra)),
      "--enable-admission-plugins=NodeRestriction",
      `--service-cluster-ip-range=${serviceNetwork.cidr}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(pki, "sa.pub")}`,
      `--service-account-signing-key-file=${join(pki, "sa.key")}`,
      "--endpoint-reconciler-type=none",
      `--egress-selector-config-file=${options.egressConfig}`,
      // One authority for all: only this name may say who somebody else is.
      `--requestheader-client-ca-file=${join(pki, "ca.crt")}`,
      `--requestheader-allowed-names=${frontProxy}`,
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${front.cert}`,
      `--proxy-client-key-file=${front.key}`,
      // Node agents of GPUs and volumes are privileged; where they may be is up to the namespaces.
      "--allow-privileged",
      "--profiling=false",
    ],
  });
  const kubeconfigFor = async (file: string, name: string, groups: string[]) =>
    writeKubeconfig(join(dir, `${file}.kubeconfig`), {
      server,
      ca: ca.cert,
      context: "rehearsal",
      user: await ca.issue({ name, groups }),
    });
  const adminKubeconfig = await kubeconfigFor("admin", "rehearsal-admin", ["system:masters"]);
  const userKubeconfig = await kubeconfigFor("user", "clusterUser", ["system:masters"]);
  await waitUntil("the Kubernetes API server", 60, () => isReady(adminKubeconfig));

  const managerKubeconfig = await kubeconfigFor("controller-manager", "system:kube-controller-manager", []);
  await processes.start({
    name: "kube-controller-manager",
    program: join(bin, "kube-controller-manager"),
    args: [
      `--kubeconfig=${managerKubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${await ports.take("kube-controller-manager")}`,
      "--use-service-account-credentials",
      `--service-account-private-key-file=${join(pki, "sa.key")}`,
      `--root-ca-file=${join(pki, "ca.crt")}`,
      "--leader-elect=false",
      // A third of what it is on AKS: metrics are as much younger here.
      "--horizontal-pod-autoscaler-sync-period=5s",
    ],
  });
  const schedulerKubeconfig = await kubeconfigFor("scheduler", "system:kube-scheduler", []);
  await processes.start({
    name: "kube-scheduler",
    program: join(bin, "kube-scheduler"),
    args: [
      `--kubeconfig=${schedulerKubeconfig}`,
      `--authentication-kubeconfig=${schedulerKubeconfig}`,
      `--authorization-kubeconfig=${schedulerKubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${await ports.take("kube-scheduler")}`,
      "--leader-elect=false",
    ],
  });
  const stages = join(dir, "kwok-stages.yaml");
  await writeFile(stages, await kwokStages(options.share));
  await processes.start({
    name: "kwok",
    program: join(bin, "kwok"),
    args: [
      `--kubeconfig=${adminKubeconfig}`,
      `--config=${stages}`,
      "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
      // Leases tell the node controller that a node lives; AKS's kubelets renew them too.
      "--node-lease-duration-seconds=40",
      "--server-address=",
    ],
  });
  return { server, adminKubeconfig, userKubeconfig };
}

async function isReady(kubeconfig: string): Promise<boolean> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const options = {};
  await config.applyToHTTPSOptions(options);
  return await new Promise((resolve, reject) => {
    const call = request(`${config.getCurrentCluster()?.server}/readyz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", reject);
    call.end();
  });
}

function serviceAccountKeys(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
