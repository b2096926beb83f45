import type { Step } from "./steps.ts";

/**
 * Steps with what a refresh found. Where the program runs after it, its own steps tell what would be done about it,
 * and what only Azure adds to a resource is no change; without the program the refresh is all that there is.
 */
export function withRefreshed(steps: readonly Step[], found: ReadonlyMap<string, Step>): Step[] {
  const planned = new Set(steps.map(({ urn }) => urn));
  return [
    ...steps.map((step) => {
      const before = found.get(step.urn);
      if (before === undefined) return step;
      return {
        ...step,
        ...(before.old && { old: before.old }),
        ...(before.op === "delete" && { gone: true as const }),
      };
    }),
    ...[...found.values()].filter(({ urn }) => !planned.has(urn)).map(drifted),
  ];
}

function drifted(step: Step): Step {
  if (step.op === "delete") return { ...step, op: "refresh-delete", gone: true };
  const properties = step.properties.filter((path) => !(step.added?.includes(path) && byAzure(step, path)));
  const changed = properties.length > 0 && step.op === "update";
  return { ...step, op: changed ? "refresh-update" : "refresh-same", properties };
}

/**
 * Whether Azure adds this by itself, so that it is there after every deployment: a property that the program leaves
 * to Azure, and pools in a cluster's own list, each of which is a resource of its own in the program. What is added
 * inside of something that the program does set, such as a range of addresses or a tag, was added by somebody.
 */
function byAzure({ old }: Step, path: string): boolean {
  const [top = path] = path.split(/[.[]/);
  if (old?.inputs === undefined || !(top in old.inputs)) return true;
  return (
    old.type === "azure-native:containerservice:ManagedCluster" && /^agentPoolProfiles\[\d+\]$/.test(path)
  );
}
