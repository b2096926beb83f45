import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type Form, PINNED_IMAGE } from "../forms.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";

/** A LoRA adapter that is loaded with the model. Source: `inference.adapters` of a Workspace. */
export interface KaitoAdapter {
  /**
   * Its name, 1 to 31 of a-z, 0-9 and "-": requests ask for it as their `model` (runtime vLLM). Containers and
   * volumes of the pod are named after it, which is why KAITO can't make pods for longer ones.
   */
  name: string;
  /**
   * Image with the adapter's files in its folder /data, with tag or digest. A container of the pod pulls it, with
   * `imagePullSecrets` and not with the nodes' identity. @default - from `volume`; one of the two must be there
   */
  image?: pulumi.Input<string>;
  /** Names of docker config Secrets in the namespace with which the image is pulled. @default - none */
  imagePullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /** Volume with the adapter's files in its root. Source: `source.volumeSource`. @default - from `image` */
  volume?: pulumi.Input<Omit<input.core.v1.Volume, "name">>;
  /** How much the adapter counts, 0 to 1. Only the runtime "transformers" knows it. @default - all */
  strength?: number;
}

const MAX_ADAPTERS = 10;

/**
 * How long an adapter's name may be. Of the names that KAITO makes of it, "docker-config-<name>-inference-adapter" is
 * the longest; Kubernetes takes 63.
 */
export const MAX_ADAPTER_NAME = 31;

/** The form of an adapter's name. */
export const ADAPTER_NAME: Form = {
  pattern: new RegExp(`^[a-z0-9]([-a-z0-9]{0,${MAX_ADAPTER_NAME - 2}}[a-z0-9])?$`),
  words: `1 to ${MAX_ADAPTER_NAME} of a-z, 0-9 and '-', neither beginning nor ending with '-'`,
  example: "support-answers",
};

/** The adapters of a Workspace; those that aren't known yet are checked when they are. */
export function adapterSpecs(adapters: pulumi.Input<KaitoAdapter>[], runtime: string) {
  if (adapters.length > MAX_ADAPTERS) {
    throw new InputPropertyError(
      "adapters",
      `has ${adapters.length}, and KAITO takes ${MAX_ADAPTERS} at most`,
    );
  }
  const names = new Map<string, number>();
  const taken = (name: string, i: number) => {
    const other = names.get(name) ?? i;
    names.set(name, Math.min(other, i));
    return other === i ? undefined : `"${name}" is the name of adapters[${other}] too; each needs its own`;
  };
  return adapters.map((adapter, i) => {
    const spec = (known: KaitoAdapter) =>
      adapterSpec(`adapters[${i}]`, known, runtime, (name) => taken(name, i));
    return pulumi.Output.isInstance(adapter) || adapter instanceof Promise
      ? pulumi.output(adapter).apply((known) => spec(known as KaitoAdapter))
      : spec(adapter);
  });
}

function adapterSpec(
  path: string,
  adapter: KaitoAdapter,
  runtime: string,
  taken: (name: string) => string | undefined,
) {
  const { name, image, imagePullSecrets, volume, strength } = adapter;
  ensure(`${path}.name`, name, matches(ADAPTER_NAME));
  ensure(`${path}.name`, name, taken);
  if ((image === undefined) === (volume === undefined)) {
    throw new InputPropertyError(path, "must have either image or volume: where its files are");
  }
  if (strength !== undefined)
    ensure(`${path}.strength`, strength, (value) => strengthProblem(value, runtime));
  return {
    source: {
      name,
      image: image === undefined ? undefined : validatedInput(`${path}.image`, image, matches(PINNED_IMAGE)),
      imagePullSecrets,
      volumeSource: volume,
    },
    // KAITO reads text here, and its own examples write a whole number as "1.0".
    strength:
      strength === undefined
        ? undefined
        : Number.isInteger(strength)
          ? strength.toFixed(1)
          : String(strength),
  };
}

function strengthProblem(strength: number, runtime: string): string | undefined {
  if (runtime !== "transformers") {
    return 'works with the runtime "transformers" only, KAITO refuses it for vLLM; leave it out or set runtime';
  }
  return strength >= 0 && strength <= 1 ? undefined : `${strength} is not allowed; it must be from 0 to 1`;
}
