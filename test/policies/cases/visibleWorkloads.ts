import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "visible-workloads",
  bad: [
    {
      name: "visible-workloads-argo",
      type: "kubernetes:argoproj.io/v1alpha1:Application",
      props: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name: "app", namespace: "default" },
        spec: { project: "default", source: { repoURL: "https://git.example/app", path: "." } },
      },
    },
  ],
  good: [deploymentOf("visible-workloads", {})],
};
