import { ReadError } from "../../kubeApi/readError.ts";
import type { DecisionLog } from "../../vmSkuSelection/engineLog.ts";

/** A node, as far as it matters here. */
export interface NodeObject {
  metadata: { name: string; labels?: Record<string, string> };
}

/** What is waited for. */
export interface NodesWait {
  matchLabels: Record<string, string>;
  count: number;
  maxMinutes: number;
}

/** What a wait needs from outside; exchanged in tests. */
export interface Surroundings {
  /** The nodes with all these labels. @throws {ReadError} */
  nodes(matchLabels: Record<string, string>, signal: AbortSignal): Promise<NodeObject[]>;
  close(): Promise<void>;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What KAITO's webhook reads of a node. Source: GetGPUConfigFromNodeLabels in pkg/sku/helpers.go, v0.11.0. */
const GPU_LABELS = ["nvidia.com/gpu.product", "nvidia.com/gpu.count", "nvidia.com/gpu.memory"];

const POLL_MS = 5_000;

/**
 * Waits until there are enough nodes and all of them are labelled, for KAITO looks at all.
 *
 * @throws {Error} that says what is missing on which nodes, and the next command to type
 */
export async function waitForLabels(
  wait: NodesWait,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<void> {
  const selector = selectorOf(wait.matchLabels);
  const began = around.now();
  let told: string | undefined;
  for (;;) {
    const missing = await around.nodes(wait.matchLabels, cancelled).then(
      (nodes) => missingFrom(nodes, wait.count),
      (error) => unreachable(error),
    );
    if (missing === undefined) return;
    if (missing !== told) await around.log.info(`waiting for nodes with ${selector}: ${missing}`);
    told = missing;
    if (cancelled.aborted) throw new Error(`stopped waiting for nodes with ${selector}: ${missing}`);
    if (around.now() - began >= wait.maxMinutes * 60_000) {
      throw new Error(
        `nodes with ${selector} aren't ready for KAITO after ${wait.maxMinutes} min: ${missing}. ` +
          "gpu-feature-discovery labels them; see whether its pods run with: " +
          "kubectl get pods -A -o wide | grep -E 'feature-discovery|nfd'",
      );
    }
    await around.sleep(POLL_MS, cancelled);
  }
}

/** What is missing, or nothing. */
function missingFrom(nodes: readonly NodeObject[], count: number): string | undefined {
  if (nodes.length < count) return `${nodes.length} of ${count} are there`;
  const without = nodes.flatMap(({ metadata: { name, labels = {} } }) => {
    const label = GPU_LABELS.find((each) => labels[each] === undefined);
    return label === undefined ? [] : [`${name} has no label ${label}`];
  });
  return without.length === 0 ? undefined : without.join(", ");
}

/** An error that may pass, in words; the others are thrown. */
function unreachable(error: unknown): string {
  if (!(error instanceof ReadError)) throw error;
  if (error.why === "forbidden") {
    throw new Error(`may not look at nodes: ${error.message}; the kubeconfig's user needs list on nodes`);
  }
  return `the Kubernetes API doesn't answer: ${error.message}`;
}

/** Labels as kubectl writes them. */
export function selectorOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
