import { z } from "zod";
import { GPU_METRICS_EXEMPTION } from "../../../components/gpuMetrics/pod.ts";
import { KAITO_NODE_AGENTS_EXEMPTION } from "../../../components/kaitoInstall/exemption.ts";
import { GATEWAY_EXEMPTION } from "../../../components/platformIngress/classes.ts";
import { reasonRule } from "../../../components/restrictedNamespace/podSecurity.ts";
import { exportsGpuMetrics } from "../monitored.ts";
import type { Fail } from "./consistent.ts";
import { ruled } from "./fields.ts";
import type { MonitoringRelated } from "./monitoringConflicts.ts";

/** Source: the StatefulSet of a Workspace and the Deployment of a RAGEngine, as KAITO 0.11.0 makes them. */
const MODELS_REASON =
  "KAITO gives its pods of models, RAG engines and tuning jobs no security context, so that they run as root, " +
  "and its presets have no field for one";

const standardOf = (whose: string, refused: string, example: string) => ({
  description: `Pod security standard of the namespace ${whose}; "restricted" refuses ${refused}`,
  example,
});

const reasonOf = (text: string) =>
  ruled(reasonRule).default(text).meta({
    description: "Why it isn't restricted; an annotation of the namespace",
    example: text,
    allowed: "a sentence of at least 20 characters",
  });

/**
 * Every namespace whose pods needn't meet the standard "restricted". There is no other, and no setting makes one: MCP
 * servers, the chat app and the controllers of KMCP and RAG engines meet it.
 */
export const podSecurityExemptions = z
  .strictObject({
    models: z
      .strictObject({
        standard: z
          .enum(["baseline", "restricted"])
          .default("baseline")
          .meta(standardOf("of models", "whatever KAITO runs", "baseline")),
        reason: reasonOf(MODELS_REASON),
      })
      .prefault({}),
    kaito: z
      .strictObject({
        standard: z
          .enum(["privileged", "restricted"])
          .default("privileged")
          .meta(standardOf("of KAITO's controller", "what KAITO brings for GPU nodes", "privileged")),
        reason: reasonOf(KAITO_NODE_AGENTS_EXEMPTION.reason),
      })
      .prefault({}),
    ingress: z
      .strictObject({
        standard: z
          .enum(["baseline", "restricted"])
          .default("baseline")
          .meta(standardOf("of the ingress gateway", "a gateway of Istio", "baseline")),
        reason: reasonOf(GATEWAY_EXEMPTION.reason),
      })
      .prefault({}),
    gpuMetrics: z
      .strictObject({
        standard: z
          .enum(["privileged", "baseline", "restricted"])
          .default("privileged")
          .meta({
            description:
              'Pod security standard of the namespace of the exporter of GPU metrics; with "baseline" metrics don\'t ' +
              'say which pod has a GPU, "restricted" refuses the exporter',
            example: "baseline",
          }),
        reason: reasonOf(GPU_METRICS_EXEMPTION.reason),
      })
      .prefault({}),
  })
  .prefault({});

type Exemptions = z.output<typeof podSecurityExemptions>;

/** What decides whether an exemption is needed. */
interface Needing extends MonitoringRelated {
  podSecurityExemptions: Exemptions;
  kaito: { mode: string; devicePlugin: string; gpuFeatureDiscovery: string; nodeFeatureDiscovery?: string };
}

/** Says which exemptions the stack can't do without, and what would be without them. */
export function exemptionsNeeded(settings: Needing, fail: Fail): void {
  const { podSecurityExemptions, kaito } = settings;
  if (exportsGpuMetrics(settings) && podSecurityExemptions.gpuMetrics.standard === "restricted") {
    const remedy =
      '"baseline" or "privileged", because the exporter runs as root; or set monitoring.gpu.enabled to false';
    fail(["podSecurityExemptions", "gpuMetrics", "standard"], remedy);
  }
  const { mode, devicePlugin, gpuFeatureDiscovery } = kaito;
  const providers = [devicePlugin, gpuFeatureDiscovery, kaito.nodeFeatureDiscovery ?? gpuFeatureDiscovery];
  if (mode !== "off" && podSecurityExemptions.models.standard === "restricted") {
    const remedy = '"baseline", because KAITO\'s pods run as root; or set kaito.mode to "off"';
    fail(["podSecurityExemptions", "models", "standard"], remedy);
  }
  if (
    mode === "byo" &&
    providers.includes("kaito") &&
    podSecurityExemptions.kaito.standard === "restricted"
  ) {
    const remedy =
      '"privileged", because what KAITO brings for GPU nodes mounts folders of them; or set kaito.devicePlugin, ' +
      'kaito.gpuFeatureDiscovery and kaito.nodeFeatureDiscovery to "none", where something else provides them';
    fail(["podSecurityExemptions", "kaito", "standard"], remedy);
  }
}
