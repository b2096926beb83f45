import type { Role } from "../subject.ts";

export const ALL: readonly Role[] = ["inference", "tuning", "set", "rag", "mcp", "controller", "gpu-nodes"];
/** What a controller acts on. */
export const RESOURCES: readonly Role[] = ["inference", "tuning", "set", "rag", "mcp"];
/** What has pods. */
export const WITH_PODS: readonly Role[] = ["inference", "tuning", "rag", "mcp", "controller"];
/** What runs on nodes that labels select. */
export const ON_NODES: readonly Role[] = ["inference", "tuning", "set", "rag"];
/** What needs GPUs. */
export const ON_GPUS: readonly Role[] = ["inference", "tuning", "set", "rag", "gpu-nodes"];
/** Whose pods download models. */
export const DOWNLOADS: readonly Role[] = ["inference", "tuning", "rag"];
