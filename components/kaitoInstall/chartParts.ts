import * as pulumi from "@pulumi/pulumi";
import { NODE_AGENT_RESOURCES } from "./gpuDiscovery.ts";

/** What has to be different in what the charts render, and has no value for it. */
export interface ChartPartsArgs {
  /** Refuse to delete CRDs. */
  protectCrds: boolean;
  imagePullSecrets: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a chart renders.
type Props = Record<string, any>;

/**
 * Changes single resources of a chart on their way to the engine, before policies and the preview see them.
 *
 * The controllers write their certificate into the Secret and the webhooks' rules into the configurations that the
 * charts render without one and with others. What isn't stated here isn't Pulumi's: a refresh then finds nothing
 * changed, and an update neither fails on a field that someone else owns nor takes the certificate away. As long
 * as the rules aren't there the webhook is asked about nothing, instead of refusing all because it has no
 * certificate yet (knative.dev/pkg, webhook/certificates and webhook/resourcesemantics/validation).
 */
export function chartParts(args: ChartPartsArgs): pulumi.ResourceTransform {
  return ({ type, props, opts }) => {
    switch (type) {
      case "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition":
        return { props, opts: args.protectCrds ? pulumi.mergeOptions(opts, { protect: true }) : opts };
      case "kubernetes:core/v1:Secret":
        return { props: without(props, "data"), opts };
      case "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration":
        return {
          props: { ...props, webhooks: (props["webhooks"] as Props[]).map((hook) => without(hook, "rules")) },
          opts,
        };
      case "kubernetes:apps/v1:DaemonSet":
        return { props: withPodSpec(props, (spec) => nodeAgent(spec, args)), opts };
      default:
        return undefined;
    }
  };
}

/**
 * KAITO's template of the device plugin takes neither resources nor secrets to pull its image with. No agent but the
 * node feature worker, which has an account of its own, calls the Kubernetes API, and none is held to a profile of
 * system calls by itself.
 */
function nodeAgent(spec: Props, { imagePullSecrets }: ChartPartsArgs): Props {
  return {
    ...spec,
    automountServiceAccountToken: spec["serviceAccountName"] !== undefined,
    securityContext: { seccompProfile: { type: "RuntimeDefault" }, ...spec["securityContext"] },
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    containers: (spec["containers"] as Props[]).map((container) => ({
      ...container,
      resources: container["resources"]?.requests ? container["resources"] : NODE_AGENT_RESOURCES,
    })),
  };
}

function withPodSpec(props: Props, change: (spec: Props) => Props): Props {
  const { spec } = props;
  const { template } = spec;
  return { ...props, spec: { ...spec, template: { ...template, spec: change(template.spec) } } };
}

function without(props: Props, key: string): Props {
  const { [key]: _, ...rest } = props;
  return rest;
}
