import type { Step } from "./finding.ts";
import type { Role, Subject } from "./subject.ts";

/** The label by which this project's stacks select a pool. Source: POOL_LABEL in components/aksWithGpuPool/pools.ts. */
const POOL_LABEL = "mcpaas.dev/pool";

/** The setting of the GPU pool that a subject runs on. */
export function poolSetting({ selector = {} }: Pick<Subject, "selector">): string {
  const pool = selector[POOL_LABEL] ?? "gpu";
  return `mcpaas:cluster.${pool === "gpu" ? "gpuPool" : `moreGpuPools.${pool}`}`;
}

const OWNERS: Partial<Record<Role, string>> = {
  inference: "models",
  set: "models",
  tuning: "tuningJobs",
  rag: "ragEngines",
  mcp: "mcpServers",
};

/** The setting that a subject was made from, when a stack of this project made it. */
export function settingOf({ role, name }: Pick<Subject, "role" | "name">): string {
  return `mcpaas:${OWNERS[role] ?? "models"}.${name}`;
}

/** The step that changes a setting and deploys it. */
export function change(text: string, setting: string, value: string | number): Step {
  return { text, command: `pulumi config set --path ${setting} ${value} && pulumi up` };
}
