import type { z } from "zod";
import { findModel } from "../../../components/kaito/models.ts";
import { besideProxy, issuerAlone } from "../../../components/openWebSearch/settings.ts";
import { gpuPools } from "../gpuPools.ts";
import { kedaUsers, prometheusUsers, type ScaledServer } from "../keda.ts";
import { KNOWN_SERVERS } from "../knownServers.ts";
import { keepsMetrics } from "../monitored.ts";
import { adapterConflicts } from "./adapters.ts";
import { alertsConsistent, type RelatedToAlerts } from "./alertsConsistent.ts";
import type { keda } from "./autoscaler.ts";
import { chatConsistent, type RelatedToChat } from "./chatConsistent.ts";
import { type IngressRelated, ingressConflicts, ingressNamespaces } from "./ingressConflicts.ts";
import type { kaito } from "./kaito.ts";
import type { model } from "./model.ts";
import { type MonitoringRelated, monitoringConflicts, monitoringNamespaces } from "./monitoringConflicts.ts";
import { type NetworkRelated, networkConflicts } from "./networkConflicts.ts";
import { inPools } from "./places.ts";
import { exemptionsNeeded, type podSecurityExemptions } from "./podSecurity.ts";
import type { gpuPool, moreGpuPools } from "./pools.ts";
import type { ragEngine } from "./ragEngine.ts";
import type { tuningJob } from "./tuningJob.ts";

/** The settings that have to do with each other. */
export interface Related
  extends RelatedToChat,
    Pick<IngressRelated, "location" | "ingress">,
    Pick<NetworkRelated, "network" | "backup" | "registry"> {
  platform: "azure" | "local";
  cluster: {
    gpuPool: z.output<typeof gpuPool>;
    moreGpuPools: z.output<typeof moreGpuPools>;
    keda: z.output<typeof keda>;
  };
  kmcp: { namespace: string };
  mcpNamespace: string;
  mcpServers: Record<string, IngressRelated["mcpServers"][string] & ScaledServer>;
  modelNamespace: string;
  mcpGuard: {
    authentication: RelatedToChat["mcpGuard"]["authentication"] &
      IngressRelated["mcpGuard"]["authentication"] & { jwt?: { egress?: { cidr: string }[] } };
  };
  openWebSearch: { enabled: boolean; useProxy: boolean };
  kaito: z.output<typeof kaito>;
  huggingFaceToken?: string;
  models: Record<string, z.output<typeof model>>;
  ragEngines: Record<string, z.output<typeof ragEngine>>;
  tuningJobs: Record<string, z.output<typeof tuningJob>>;
  monitoring: MonitoringRelated["monitoring"];
  alerts: RelatedToAlerts["alerts"];
  podSecurityExemptions: z.output<typeof podSecurityExemptions>;
}

/** Takes note of what is wrong with a setting: where it is, and what is allowed instead. */
export type Fail = (path: PropertyKey[], message: string) => void;

/** What one setting alone can't say: that names exist, that pools have room, and that nobody asks for KAITO in vain. */
export function consistent(settings: Related, context: z.RefinementCtx): void {
  // What hangs together is looked at where each setting alone is right, and this one is missing.
  if (settings.platform === "azure" && settings.location === undefined) return;
  const fail: Fail = (path, message) => context.addIssue({ code: "custom", path, message });
  ownNames(settings, fail);
  ownNamespaces(settings, fail);
  exemptionsNeeded(settings, fail);
  chatConsistent(settings, fail);
  ingressConflicts(settings, fail);
  monitoringConflicts(settings, fail);
  networkConflicts(settings, fail);
  alertsConsistent(settings, fail);
  for (const { key, name } of KNOWN_SERVERS) {
    if (settings[key].enabled && name in settings.mcpServers) {
      fail(["mcpServers", name], `another name, because ${key}.enabled makes a server of this one`);
    }
  }
  const { mcpGuard, openWebSearch } = settings;
  const { jwt } = mcpGuard.authentication;
  for (const place of besideProxy(openWebSearch.enabled && openWebSearch.useProxy, jwt?.egress)) {
    const path = ["mcpGuard", "authentication", "jwt", "egress", place, "cidr"];
    fail(path, issuerAlone("openWebSearch.useProxy"));
  }
  for (const [name, model] of Object.entries(settings.models)) {
    withToken(settings, name, model, fail);
    adapterConflicts(settings, name, model, fail);
  }
  for (const [name, { inference }] of Object.entries(settings.ragEngines)) {
    if (inference?.model !== undefined && !(inference.model in settings.models)) {
      fail(["ragEngines", name, "inference", "model"], oneOf("models", settings.models));
    }
  }
  withKeda(settings, fail);
  if (settings.kaito.mode === "addon") onAddon(settings, fail);
  if (settings.kaito.mode === "byo") {
    inPools(settings, fail);
    onePlugin(settings, fail);
  }
}

/** "one of the models: a, b", or that there are none. */
export function oneOf(what: string, entries: object): string {
  const names = Object.keys(entries);
  return names.length === 0
    ? `nothing, because there are no ${what}`
    : `one of the ${what}: ${names.join(", ")}`;
}

function ownNames({ kaito, models, ragEngines, tuningJobs }: Related, fail: Fail): void {
  const all = Object.entries({ models, ragEngines, tuningJobs }).flatMap(([kind, entries]) =>
    Object.keys(entries).map((name) => ({ kind, name })),
  );
  for (const [i, { kind, name }] of all.entries()) {
    const other = all.slice(0, i).find((each) => each.name === name);
    if (other) fail([kind, name], `another name, because ${other.kind}.${name} has it`);
    if (kaito.mode === "off") fail([kind, name], 'nothing while kaito.mode is "off"');
  }
}

/** Each namespace has rules of its own, and goes with what is in it. */
function ownNamespaces(settings: Related, fail: Fail): void {
  const { kmcp, mcpNamespace, modelNamespace, kaito, chat, ingress } = settings;
  const all: [PropertyKey[], string][] = [
    [["kmcp", "namespace"], kmcp.namespace],
    [["mcpNamespace"], mcpNamespace],
    [["kaito", "namespace"], kaito.namespace],
    [["kaito", "ragEngineNamespace"], kaito.ragEngineNamespace],
    [["modelNamespace"], modelNamespace],
    ...(chat.enabled ? [[["chat", "namespace"], chat.namespace] as [PropertyKey[], string]] : []),
    ...ingressNamespaces(ingress),
    ...monitoringNamespaces(settings),
  ];
  for (const [i, [path, namespace]] of all.entries()) {
    const other = all.slice(0, i).find((each) => each[1] === namespace);
    if (other) fail(path, `another namespace than ${other[0].join(".")}`);
  }
}

function withToken(
  { huggingFaceToken }: Related,
  name: string,
  model: Related["models"][string],
  fail: Fail,
) {
  const known = model.model === undefined ? undefined : findModel(model.model);
  if (!known?.gated || model.accessTokenSecret !== undefined || huggingFaceToken !== undefined) return;
  fail(
    ["models", name, "model"],
    "a model without a gate, or this one with a token of Hugging Face that may read it: " +
      "pulumi config set --secret mcpaas:huggingFaceToken",
  );
}

function onAddon({ cluster, models, ragEngines }: Related, fail: Fail): void {
  const reason = 'with kaito.mode "addon" AKS makes a pool for each model, and nothing runs on this one';
  if (cluster.gpuPool.enabled) fail(["cluster", "gpuPool", "enabled"], `false, because ${reason}`);
  for (const name of Object.keys(cluster.moreGpuPools)) {
    fail(["cluster", "moreGpuPools", name], `nothing, because ${reason}`);
  }
  for (const [name, { vmSize, inferenceSet, autoscaling }] of Object.entries(models)) {
    if (vmSize === undefined) {
      fail(["models", name, "vmSize"], 'a VM size, because with kaito.mode "addon" AKS makes the nodes');
    }
    if (inferenceSet !== undefined) {
      const message = 'nothing with kaito.mode "addon", whose KAITO is too old for it';
      fail(["models", name, "inferenceSet"], message);
    }
    if (autoscaling !== undefined) {
      const message = 'nothing with kaito.mode "addon", whose KAITO has no replicas to set';
      fail(["models", name, "autoscaling"], message);
    }
  }
  for (const name of Object.keys(ragEngines)) {
    fail(["ragEngines", name], 'nothing with kaito.mode "addon": the add-on has no RAG engines');
  }
}

/** What scales with KEDA needs it. */
function withKeda(settings: Related, fail: Fail): void {
  for (const path of keepsMetrics(settings) ? [] : prometheusUsers(settings)) {
    fail(path, "nothing without monitoring.metrics, which KEDA asks; or another scaler");
  }
  if (settings.cluster.keda.enabled !== false) return;
  const users = kedaUsers(settings);
  if (users.length === 0) return;
  const who = users.map((path) => path.join(".")).join(", ");
  fail(["cluster", "keda", "enabled"], `true or nothing, because of ${who}`);
}

/** NVIDIA's GPU operator, which a pool without AKS's driver is for, brings both itself. */
function onePlugin({ cluster, kaito }: Related, fail: Fail): void {
  const operated = Object.entries(gpuPools(cluster)).find(([, { driver }]) => driver === "None");
  if (operated === undefined) return;
  for (const key of ["devicePlugin", "gpuFeatureDiscovery"] as const) {
    if (kaito[key] === "none") continue;
    fail(
      ["kaito", key],
      `"none", because the pool ${operated[0]} has the driver "None", and the GPU operator brings its own`,
    );
  }
}
