import * as pulumi from "@pulumi/pulumi";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { Job } from "../../components/metrics.ts";
import type { AuditArgs } from "../../components/platformAlerts/logAlerts.ts";
import { DISTURBED_BY_UPGRADES, type QuietWindow } from "../../components/platformAlerts/maintenance.ts";
import type { Objective, ObjectivesArgs } from "../../components/platformAlerts/objectives.ts";
import type { Receiver, ReceiverLevel } from "../../components/platformAlerts/receivers.ts";
import type { Watched } from "../../components/platformAlerts/watched.ts";
import { PlatformAlerts } from "../../components/platformAlerts.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { gpuPools } from "../settings/gpuPools.ts";
import { chatHost } from "../settings/ingressHosts.ts";
import type { Settings } from "../settings.ts";
import { mutable } from "../shared/mutable.ts";

/** What alerts are rules on. */
export interface AlertsPlace {
  cluster: AksWithGpuPool;
  resourceGroupName: pulumi.Input<string>;
  /** The workspaces; without one of them there are no alerts on what it would hold. */
  azureMonitorWorkspaceId: pulumi.Input<string> | undefined;
  logAnalyticsWorkspaceId: pulumi.Input<string> | undefined;
  /** The jobs that are scraped. */
  jobs: readonly Job[];
  /** What is watched: it comes before the alerts, which would else tell of all that isn't there yet. */
  dependsOn: pulumi.Resource[];
}

/** The alerts of the settings, if they are enabled. */
export function platformAlerts(settings: Settings, place: AlertsPlace): PlatformAlerts | undefined {
  const { alerts, location, tags } = settings;
  if (!alerts.enabled) return undefined;
  const { cluster, resourceGroupName, azureMonitorWorkspaceId, logAnalyticsWorkspaceId } = place;
  const { runbookBase, thresholds, quota, audit } = alerts;
  return argumentsFrom(
    "mcpaas:alerts",
    () =>
      new PlatformAlerts(
        "alerts",
        {
          resourceGroupName,
          location,
          clusterName: `aks-mcpaas-${settings.stack}`,
          clusterId: cluster.id,
          azureMonitorWorkspaceId,
          logAnalyticsWorkspaceId,
          watched: watchedOf(settings, place.jobs),
          objectives: objectivesOf(settings),
          thresholds: mutable(thresholds),
          receivers: receiversOf(settings),
          runbookBase,
          audit: audit.enabled ? auditOf(settings) : undefined,
          quota,
          quietWindows: quietWindows(settings),
          tags,
        },
        { dependsOn: place.dependsOn },
      ),
  );
}

/** What the stack has; the settings decide, so that a preview shows all rules. */
export function watchedOf(settings: Settings, jobs: readonly Job[]): Watched {
  const { chat, ingress, kaito, kmcp, models, ragEngines, tuningJobs } = settings;
  const has = (job: Job) => jobs.includes(job);
  const tuning = Object.keys(tuningJobs).length > 0;
  const served = Object.keys(models).length > 0;
  const inModelNamespace = served || tuning || Object.keys(ragEngines).length > 0;
  const gpu = Object.keys(gpuPools(settings.cluster)).length > 0 || (kaito.mode === "addon" && served);
  return {
    namespaces: [
      settings.mcpNamespace,
      kmcp.namespace,
      ...(chat.enabled ? [chat.namespace] : []),
      ...(ingress.enabled ? [ingress.namespace] : []),
      ...(has("kaito") ? [kaito.namespace] : []),
      ...(has("cert-manager") ? [ingress.certManager.namespace] : []),
    ],
    modelNamespace: inModelNamespace ? settings.modelNamespace : undefined,
    mcp: has("mcp-guard"),
    search: has("mcp-guard") && settings.openWebSearch.enabled,
    models: served && has("vllm"),
    gpu,
    gpuMetrics: has("dcgm"),
    tuning,
    chat: chat.enabled ? { namespace: chat.namespace, deployment: CHAT_DEPLOYMENT } : undefined,
    certificates: has("cert-manager"),
    istio: has("istio-gateway") && chatHost(settings) !== undefined,
    autoscaling: scales(settings),
    jobs: always(jobs, settings),
  };
}

/** The chat app's Deployment. Source: stacks/shared/chat.ts. */
const CHAT_DEPLOYMENT = "chat";

/** Jobs that have targets all the time: without a model all GPU nodes may be gone, and their exporters with them. */
function always(jobs: readonly Job[], { models }: Settings): Job[] {
  return jobs.filter((job) => job !== "dcgm" || Object.keys(models).length > 0);
}

/** Whether a HorizontalPodAutoscaler is at work: ours, KEDA's, or the one of AKS's gateway. */
function scales({ mcpServers, models, ingress }: Settings): boolean {
  const own = [...Object.values(mcpServers), ...Object.values(models)];
  return ingress.enabled || own.some((each) => "autoscaling" in each && each.autoscaling !== undefined);
}

function objectivesOf({ alerts }: Settings): ObjectivesArgs {
  const { mcp, model, chat, ...common } = mutable(alerts.objectives);
  const objective = ({ enabled, ...it }: Objective & { enabled: boolean }) => enabled && it;
  return { ...common, mcp: objective(mcp), model: objective(model), chat: objective(chat) };
}

/** The settings have checked that each is of one kind. */
function receiversOf({ alerts }: Settings): Record<string, Receiver> {
  const secret = (text: string) => pulumi.secret(text);
  const entries = Object.entries(mutable(alerts.receivers)).map(([name, it]): [string, Receiver] => {
    const { email, webhook, teams, logicApp } = it;
    const level: ReceiverLevel = { from: it.from };
    if (email !== undefined) return [name, { ...level, email }];
    if (webhook !== undefined) return [name, { ...level, webhook: secret(webhook) }];
    if (teams !== undefined) return [name, { ...level, teams: secret(teams) }];
    const { resourceId, callbackUrl } = logicApp ?? { resourceId: "", callbackUrl: "" };
    return [name, { ...level, logicApp: { resourceId, callbackUrl: secret(callbackUrl) } }];
  });
  return Object.fromEntries(entries);
}

function auditOf(settings: Settings): AuditArgs & { namespace: string } {
  const { enabled, ...audit } = mutable(settings.alerts.audit);
  return { ...audit, namespace: settings.mcpNamespace };
}

/**
 * The weekly window of Kubernetes upgrades, and those of the settings. The daily one of node images isn't among them:
 * what begins in it and lasts would be told to nobody, every night.
 */
function quietWindows({ alerts, cluster }: Settings): QuietWindow[] {
  const { dayOfWeek, startTime, durationHours, utcOffset } = cluster.maintenance;
  const upgrades: QuietWindow = {
    daysOfWeek: [dayOfWeek],
    startTime,
    durationHours,
    utcOffset,
    alerts: DISTURBED_BY_UPGRADES,
  };
  return [...(alerts.quiet.maintenance ? [upgrades] : []), ...mutable(alerts.quiet.windows)];
}
