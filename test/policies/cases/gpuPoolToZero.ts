import { gpuPoolProps, pool } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "gpu-pool-to-zero",
  bad: [pool("gpu-pool-to-zero", gpuPoolProps("awake", { count: 1, minCount: 1 }))],
  good: [pool("gpu-pool-to-zero", gpuPoolProps("asleep"))],
};
