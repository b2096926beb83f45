import { exitCodes, UserError } from "../userError.ts";
import { takeSnapshot } from "./collect.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { openReader } from "./reader.ts";
import { type Report, reportOf } from "./report.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Subject } from "./subject.ts";
import { parseTarget, type Target } from "./target.ts";

export interface DiagnoseOptions {
  /** What to look at, as "kind/name". @default - everything */
  subject?: string;
  /** Only this namespace. @default - all */
  namespace?: string;
  /** A context of the kubeconfig. @default - its current one */
  context?: string;
  /** For each request, in seconds. @default 15 */
  timeoutSeconds?: number;
}

/**
 * Looks at a running platform and says what isn't ready and why. Reads only.
 *
 * @param kubeconfigPath a file, "-" for standard input, or nothing for KUBECONFIG or ~/.kube/config
 * @throws {UserError} with exit code 2 when the cluster can't be reached or the options are wrong
 */
export async function diagnose(kubeconfigPath?: string, options: DiagnoseOptions = {}): Promise<Report> {
  return judge(await observe(kubeconfigPath, options), options);
}

/** Reads a cluster without judging it, to be kept. */
export async function observe(kubeconfigPath?: string, options: DiagnoseOptions = {}): Promise<Snapshot> {
  const target = options.subject === undefined ? undefined : parseTarget(options.subject);
  const config = await loadKubeconfig({ file: kubeconfigPath, context: options.context });
  const context = config.getCurrentContext();
  const reader = await openReader(config, (options.timeoutSeconds ?? 15) * 1000);
  try {
    return await takeSnapshot(reader, {
      context,
      namespace: options.namespace ?? config.getContextObject(context)?.namespace ?? "default",
      concerns: (subject) => concerns(subject, options.namespace, target),
    });
  } finally {
    await reader.close();
  }
}

/** Judges what was read. */
export function judge(snapshot: Snapshot, { subject, namespace }: DiagnoseOptions = {}): Report {
  const target = subject === undefined ? undefined : parseTarget(subject);
  const kinds = ["workspaces", "inferencesets", "ragengines", "mcpservers"] as const;
  const wanted = target && kinds.find((kind) => kind === `${target.kind}s`);
  const unknown = (wanted ? [wanted] : kinds).filter(
    (kind) => !["read", "partial", "absent"].includes(snapshot.lists[kind].state),
  );
  if (unknown.length === (wanted ? 1 : kinds.length)) {
    const [first = "workspaces"] = unknown;
    throw new UserError(
      `nothing can be said: ${unknown.join(", ")} can't be read (${snapshot.lists[first].message ?? snapshot.lists[first].state})`,
      exitCodes.usage,
    );
  }
  return reportOf(snapshot, { target, namespace });
}

function concerns(subject: Subject, namespace: string | undefined, target: Target | undefined): boolean {
  if (namespace !== undefined && subject.kind !== "component" && subject.namespace !== namespace)
    return false;
  return (
    target === undefined ||
    (subject.kind === target.kind && subject.name === target.name) ||
    subject.workspace?.metadata.labels?.["inferenceset.kaito.sh/created-by"] === target.name
  );
}
