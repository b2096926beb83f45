import * as pulumi from "@pulumi/pulumi";
import { dockerConfigJson } from "../acrTokenPassword/dockerConfig.ts";
import { DNS_LABEL } from "../forms.ts";
import { MAX_ADAPTER_NAME } from "../kaitoWorkspace/adapters.ts";
import { type Check, ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";
import { type TuningVolume, volumeSource } from "./volume.ts";

/** Where the adapter goes, exactly one of the two. Source: `tuning.output`. */
export interface TuningOutput {
  /** An image that holds the adapter, which a KaitoWorkspace can load. */
  image?: TuningOutputImage;
  /** A volume; the adapter's files are at its root. */
  volume?: TuningVolume;
}

/** The image and the right to push it, by exactly one of `pushSecret` and `credentials`. */
export interface TuningOutputImage {
  /**
   * The image with registry and tag, for example "mcpaasdev.azurecr.io/adapters/support:0.1.0"; ":latest", no tag
   * and a digest are errors. The tag is overwritten if it exists. A new tag trains anew.
   */
  name: pulumi.Input<string>;
  /** Name of a docker config Secret (type kubernetes.io/dockerconfigjson) in the namespace, which must exist. */
  pushSecret?: pulumi.Input<string>;
  /** With these the component makes the Secret itself. A password that changes only changes the Secret. */
  credentials?: RegistryCredentials;
  /**
   * Name of a docker config Secret in the namespace, which must exist, with which a KaitoWorkspace pulls the adapter:
   * with one that may only pull, the pods that serve hold no right to push. The job doesn't use it.
   * @default - the Secret to push with
   */
  pullSecret?: pulumi.Input<string>;
}

/** A login that may push, and pull too unless there is a `pullSecret`: then a KaitoWorkspace pulls with it. */
export interface RegistryCredentials {
  /** The registry's host name, for example "mcpaasdev.azurecr.io"; the image must be in it. */
  server: pulumi.Input<string>;
  /** For example the name of a token, as AcrTokenPassword gives it. */
  username: pulumi.Input<string>;
  /** Treated as a secret. */
  password: pulumi.Input<string>;
}

const REMEDY =
  "set output.image to push an image (with output.image.pushSecret or output.image.credentials), or output.volume";

/** The output, checked as far as it is known. */
export function checkedOutput(output: TuningOutput | undefined): TuningOutput {
  const { image, volume } = output ?? {};
  if (image === undefined && volume === undefined) {
    throw new InputPropertyError(
      "output",
      `is missing, and the adapter would be lost with the pod; ${REMEDY}`,
    );
  }
  if (image !== undefined && volume !== undefined) {
    throw new InputPropertyError("output", "must have one of image and volume, and has both; remove one");
  }
  if (image === undefined) return { volume };
  if ((image.pushSecret === undefined) === (image.credentials === undefined)) {
    throw new InputPropertyError(
      "output.image",
      "must have exactly one of pushSecret (an existing docker config Secret) and credentials (for a new one)",
    );
  }
  return { image: { ...image, name: checkedImage(image) } };
}

/** The job's name. An image is made to be loaded by a KaitoWorkspace, under this name. */
export function checkedName(name: string, { image }: TuningOutput): string {
  ensure("name", name, matches(DNS_LABEL));
  if (image !== undefined && name.length > MAX_ADAPTER_NAME) {
    throw new InputPropertyError(
      "name",
      `"${name}" has ${name.length} characters; with output.image it must have ${MAX_ADAPTER_NAME} at most, because ` +
        "the adapter is called so too and KAITO can't make the pods of a model with a longer one",
    );
  }
  return name;
}

/** An image that can be pushed: registries don't take a digest there. */
const pushable: Check<string> = (name) => {
  const match = /^([^/\s@]+)\/([a-z0-9][a-z0-9._/-]*):(\w[\w.-]{0,127})$/.exec(name);
  const rule = 'an image with registry and tag, for example "mcpaasdev.azurecr.io/adapters/support:0.1.0"';
  if (!match) return `${JSON.stringify(name)} is not allowed; it must be ${rule}`;
  const [, registry = "", , tag] = match;
  if (!/[.:]|^localhost$/.test(registry)) {
    return `${JSON.stringify(name)} names no registry, so it would go to Docker Hub; it must be ${rule}`;
  }
  return tag === "latest"
    ? `${JSON.stringify(name)} is not allowed; it must have another tag than latest, which says what was trained`
    : undefined;
};

function checkedImage({ name, credentials }: TuningOutputImage): pulumi.Input<string> {
  const path = "output.image.name";
  const checked = validatedInput(path, name, pushable);
  if (credentials === undefined) return checked;
  const inRegistry = (server: string): Check<string> => {
    return (image) =>
      image.startsWith(`${server}/`)
        ? undefined
        : `"${image}" is not in the registry of output.image.credentials.server, "${server}"`;
  };
  const { server } = credentials;
  if (typeof server === "string") return validatedInput(path, checked, inRegistry(server));
  return pulumi
    .all([checked, server])
    .apply(([image, host]) => validatedInput(path, image, inRegistry(host)) as string);
}

/** The `tuning.output` of a Workspace, of an output that was checked. */
export function outputSpec({ image, volume }: TuningOutput, pushSecret: pulumi.Input<string> | undefined) {
  return image === undefined
    ? { volumeSource: volumeSource("output.volume", volume ?? {}) }
    : { image: image.name, imagePushSecret: pushSecret };
}

/**
 * The text of a docker config. KAITO mounts the key `.dockerconfigjson` of the Secret as config.json into the pod,
 * where oras looks for it. Source: ConfigImagePushSecretVolume in pkg/utils/common_preset.go.
 */
export function dockerConfig({ server, username, password }: RegistryCredentials): pulumi.Output<string> {
  return pulumi.secret(
    pulumi
      .all([server, username, password])
      .apply(([host, user, word]) => dockerConfigJson(host, user, word)),
  );
}
