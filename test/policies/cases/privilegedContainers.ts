import { closed, deploymentOf, goodContainer } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

/** Argo's Workflow: a pod for each template, and some of its fields in the workflow's spec. */
const workflow = (name: string, privileged: boolean): Fixture => ({
  name,
  type: "kubernetes:argoproj.io/v1alpha1:Workflow",
  props: {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: { name, namespace: "default" },
    spec: {
      entrypoint: "main",
      automountServiceAccountToken: false,
      templates: [{ name: "main", container: goodContainer({ securityContext: { ...closed, privileged } }) }],
    },
  },
});

// Kubernetes would refuse the first, because it also denies what it then has; here each is at fault in one thing.
export const cases: Case = {
  rule: "privileged-containers",
  bad: [
    deploymentOf("privileged-containers-all", { securityContext: { ...closed, privileged: true } }),
    deploymentOf("privileged-containers-proc", { securityContext: { ...closed, procMount: "Unmasked" } }),
    workflow("privileged-containers-workflow", true),
  ],
  good: [
    deploymentOf("privileged-containers", { securityContext: { ...closed, privileged: false } }),
    workflow("privileged-containers-none", false),
  ],
};
