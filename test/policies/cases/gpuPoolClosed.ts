import { gpuPoolProps, pool } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "gpu-pool-closed",
  bad: [
    pool("gpu-pool-closed-taint", gpuPoolProps("untainted", { nodeTaints: undefined })),
    pool("gpu-pool-closed-label", gpuPoolProps("unlabelled", { nodeLabels: undefined })),
  ],
  good: [pool("gpu-pool-closed", gpuPoolProps("closed"))],
};
