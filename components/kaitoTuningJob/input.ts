import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE } from "../forms.ts";
import { type Check, InputPropertyError, matches, validatedInput } from "../validation.ts";
import { onTheInternet } from "./network.ts";
import type { TuningDatasetConfig } from "./trainingConfig/sections.ts";
import { type TuningVolume, volumeSource } from "./volume.ts";

/**
 * The training data, from exactly one source. KAITO reads one file of it, JSON lines, CSV, Parquet or Arrow, with
 * rows of `messages` (role and content) or of `prompt` and `completion`; `mcpaas tune-prepare` makes such a file.
 * Source: `tuning.input`.
 */
export interface TuningInput {
  /**
   * Files to download over HTTP or HTTPS, without login. Without `egress` they must be on the internet: the pods may
   * then call their ports there, but no private address, which a public name may have too (private endpoint), and
   * no Service of the cluster. KAITO finds the kind of a file by its name, which must
   * contain json, csv, parquet, arrow or webdataset, and trains on one: several need
   * `config.DatasetConfig.dataset_path`. A URL with a token in it (a SAS) is legible for whoever may read the
   * Workspace and the Job.
   */
  urls?: pulumi.Input<string>[];
  /** An image that holds the data in its folder /data, with tag or digest; ":latest" and no tag are errors. */
  image?: pulumi.Input<string>;
  /**
   * Names of docker config Secrets in the namespace with which `image` is pulled. It is pulled by a container of
   * the pod, not by the node, whose identity therefore doesn't count. @default - none: a public image
   */
  imagePullSecrets?: pulumi.Input<string>[];
  /** A volume that holds the data. */
  volume?: TuningVolume;
}

/** Kinds of data by what a file's name contains. Source: SUPPORTED_EXTENSIONS in tuning/text-generation/dataset.py. */
const KINDS = ["csv", "json", "parquet", "arrow", "webdataset"];

/**
 * The `tuning.input` of a Workspace.
 *
 * @param internetOnly whether URLs must be on the internet, because the pods may call nothing else
 */
export function inputSpec(
  data: TuningInput | undefined,
  dataset: TuningDatasetConfig = {},
  internetOnly = true,
) {
  const { urls = [], image, imagePullSecrets, volume } = data ?? {};
  const sources = [urls.length > 0, image !== undefined, volume !== undefined].filter(Boolean).length;
  if (sources !== 1) {
    throw new InputPropertyError(
      "input",
      `must have exactly one of urls, image and volume, and has ${sources === 0 ? "none" : sources}`,
    );
  }
  if (imagePullSecrets !== undefined && image === undefined) {
    throw new InputPropertyError("input.imagePullSecrets", "goes with input.image only; remove it");
  }
  if (urls.length > 1 && dataset.dataset_path === undefined) {
    throw new InputPropertyError(
      "input.urls",
      `has ${urls.length} files, of which KAITO would train on whichever it finds first; put all rows into one ` +
        'file, or set config.DatasetConfig.dataset_path to the ones to read, for example "data/*.jsonl"',
    );
  }
  if (image !== undefined) {
    return { image: validatedInput("input.image", image, matches(PINNED_IMAGE)), imagePullSecrets };
  }
  if (volume !== undefined) return { volumeSource: volumeSource("input.volume", volume) };
  const named = dataset.dataset_extension !== undefined || dataset.dataset_path !== undefined;
  const check = downloadable(named, internetOnly);
  return { urls: urls.map((url, i) => validatedInput(`input.urls[${i}]`, url, check)) };
}

/** A URL that the downloader's shell script and the training program understand. */
function downloadable(kindIsNamed: boolean, internetOnly: boolean): Check<string> {
  return (url) => {
    if (!/^https?:\/\/[^/\s]+\/\S*$/.test(url) || !URL.canParse(url)) {
      return `${JSON.stringify(url)} is not allowed; it must be an http or https URL without spaces`;
    }
    const file = (url.split(/[?#]/)[0] as string).split("/").at(-1) ?? "";
    if (file === "")
      return `${JSON.stringify(url)} names no file; KAITO stores the data under the name in the URL`;
    if (!kindIsNamed && !KINDS.some((kind) => file.toLowerCase().includes(kind))) {
      return (
        `KAITO can't tell what "${file}" is; its name must contain one of ${KINDS.join(", ")}, or set ` +
        "config.DatasetConfig.dataset_path and dataset_extension"
      );
    }
    return internetOnly ? onTheInternet(url) : undefined;
  };
}
