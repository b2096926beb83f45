import { deploymentOf, goodContainer, goodPod, workload } from "../fixtures.ts";
import type { Case } from "./case.ts";

const probe = { httpGet: { path: "/ready", port: 8080 } };
const [jobType, jobProps] = workload(
  "Job",
  goodPod({ containers: [goodContainer({ readinessProbe: undefined })] }),
);

export const cases: Case = {
  rule: "probes",
  bad: [
    deploymentOf("probes-none", { readinessProbe: undefined }),
    deploymentOf("probes-none-without-ports", { readinessProbe: undefined, ports: undefined }),
    deploymentOf("probes-the-same", { readinessProbe: probe, livenessProbe: probe }),
  ],
  good: [
    deploymentOf("probes", { livenessProbe: { ...probe, failureThreshold: 10 } }),
    { name: "probes-of-a-job", type: jobType, props: { ...jobProps, metadata: { name: "probes-of-a-job" } } },
  ],
};
