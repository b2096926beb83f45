import type { ArmOptions } from "../../rehearsal/arm/server.ts";
import { makeGroup, putInGroup, type Rig, startRig } from "./support.ts";

/** A server with the workspace `logs` and the workspace for metrics `metrics`, both in eastus. */
export async function startMonitored(options: Partial<ArmOptions> = {}): Promise<Rig> {
  const rig = await startRig(options);
  await makeGroup(rig);
  const location = { location: "eastus" };
  await putInGroup(rig, "Microsoft.OperationalInsights/workspaces/logs", "api-version=2023-09-01", location);
  await putInGroup(rig, "Microsoft.Monitor/accounts/metrics", "api-version=2023-04-03", location);
  return rig;
}
