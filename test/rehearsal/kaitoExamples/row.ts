import type * as pulumi from "@pulumi/pulumi";
import type { KaitoNodes } from "../../../components/kaito/nodes.ts";
import { KaitoWorkspace, type KaitoWorkspaceArgs } from "../../../components/kaitoWorkspace.ts";

/** An example of KAITO's, and how a component makes the same object. */
export interface Row {
  /** Below upstream's examples/. */
  file: string;
  make: () => pulumi.ComponentResource;
  /** Where our object is another on purpose: the field, dots between its parts and "\." within one, and why. */
  differs?: Record<string, string>;
  /** The example is a ConfigMap alone, and this part of our object is its content. */
  only?: string;
}

export const NAMESPACE = "models";
export const A10 = "Standard_NV36ads_A10_v5";
export const A100 = "Standard_NC24ads_A100_v4";

/** Nodes that KAITO makes, as in nearly all examples. */
export function nodes(vmSize: string, apps: string): KaitoNodes {
  return { provision: true, vmSize, matchLabels: { apps } };
}

/** What a model is served with, besides where. */
export type Given = Omit<KaitoWorkspaceArgs, "namespace" | "name">;

/** An example below inference/, by what is between "kaito_" and ".yaml" in its name. */
export function served(file: string, name: string, args: Given, differs?: Row["differs"]): Row {
  const [folder, base] = file.includes("/") ? file.split("/") : ["", file];
  return {
    file: ["inference", folder, `kaito_${base}.yaml`].filter(Boolean).join("/"),
    make: () => new KaitoWorkspace(name, { namespace: NAMESPACE, ...args }),
    differs,
  };
}

/** A strength makes sense to one runtime only, and none of the examples with adapters asks for it. */
export const NEEDS_TRANSFORMERS: Row["differs"] = {
  "metadata.annotations.kaito\\.sh/runtime":
    "KAITO 0.11 refuses a strength for vLLM, which it takes when nothing is said",
};

export const PHI_3_ADAPTER = {
  model: "phi-3-mini-128k-instruct",
  runtime: "transformers" as const,
  adapters: [{ name: "phi-3-adapter", image: "ACR_REPO_HERE.azurecr.io/ADAPTER_HERE:0.0.1", strength: 1 }],
};
