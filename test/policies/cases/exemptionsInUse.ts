import { closed, deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

/** The annotation of an exemption that will count for some weeks from today. */
function exemptFrom(rule: string) {
  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  return { annotations: { [`exempt.mcpaas.dev/${rule}`]: `until ${expires}: writes beside its program` } };
}

const writing = {
  securityContext: { ...closed, readOnlyRootFilesystem: false },
  resources: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
  },
};

export const cases: Case = {
  rule: "exemptions-in-use",
  bad: [
    annotated("exemptions-in-use-idle", {}, "read-only-root"),
    annotated("exemptions-in-use-misspelt", {}, "readonly-root"),
  ],
  good: [annotated("exemptions-in-use", writing, "read-only-root")],
};

function annotated(name: string, changes: Record<string, unknown>, rule: string) {
  const { props, ...rest } = deploymentOf(name, changes);
  return { ...rest, props: { ...props, metadata: { ...props.metadata, ...exemptFrom(rule) } } };
}
