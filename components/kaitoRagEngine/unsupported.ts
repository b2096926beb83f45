import type { KaitoRagEngineArgs } from "../kaitoRagEngine.ts";
import { InputPropertyError } from "../validation.ts";

/** Everything that KaitoRagEngineArgs has: the type makes sure that none is forgotten. */
const KNOWN_ARGS: ReadonlySet<string> = new Set(
  Object.keys({
    name: 1,
    namespace: 1,
    embedding: 1,
    volume: 1,
    qdrant: 1,
    inference: 1,
    guardrails: 1,
    nodes: 1,
    nodeSelector: 1,
    resources: 1,
    clients: 1,
    egress: 1,
    internet: 1,
    readyTimeoutMinutes: 1,
  } satisfies Record<keyof KaitoRagEngineArgs, 1>),
);

/** Why KAITO can't do something that people expect, and what to do instead. */
const REASONS: Record<string, string> = {
  replicas:
    "KAITO runs one pod, because the indexes are in its memory; use qdrant and a RAG engine for each team",
  image:
    "the image of all RAG engines is a value of KAITO's chart (presetRagRegistryName, -ImageName, -ImageTag)",
  imagePullSecrets: "KAITO passes none on; let the nodes' identity pull the image",
  tolerations: "KAITO sets them, for nodes with GPUs; use nodes or nodeSelector",
  storage: "give volume or qdrant, or neither to keep the indexes in memory",
};

/**
 * Refuses arguments that nothing would act on. Types do so at compile time, this does when they are bypassed.
 */
export function refuseUnsupported(args: object): void {
  for (const key of Object.keys(args)) {
    if (KNOWN_ARGS.has(key)) continue;
    throw new InputPropertyError(key, REASONS[key] ?? "is no argument of KaitoRagEngine");
  }
}
