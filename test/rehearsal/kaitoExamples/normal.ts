import { parse } from "yaml";

/** A Kubernetes object, or a part of one. */
export type Plain = { [key: string]: unknown };

/** Kinds of KAITO's that the components make. */
export const KINDS = ["Workspace", "InferenceSet", "RAGEngine"];

/** What the components always add, and upstream's examples never have. */
const OURS = [
  "pulumi.com/waitFor",
  "pulumi.com/skipAwait",
  "mcpaas.dev/node-labels",
  "kaito.sh/disable-benchmark",
];

/**
 * The one object of KAITO's among others, in a form in which the same object is always written the same:
 *
 * - apiVersion kaito.sh/v1beta1, also for those of the examples that still say v1alpha1: both are served, and
 *   v1beta1 is stored;
 * - without namespace, and without annotations that are about Pulumi or switch the benchmark off, which is our default;
 * - without what v1beta1 calls deprecated: resource.count, resource.preferredNodes, preset.accessMode, and
 *   presetOptions.image;
 * - with the content of its ConfigMap in place of the ConfigMap's name, and what our ConfigMap has in a file for vLLM
 *   itself among the other arguments of vLLM;
 * - without fields that are empty or have the API's own default (one replica), and with quantities as text.
 */
export function kaitoObject(documents: readonly unknown[]): Plain {
  const objects = documents.filter((document): document is Plain => isPlain(document));
  const own = objects.filter(({ apiVersion, kind }) => isOfKaito(apiVersion) && KINDS.includes(String(kind)));
  if (own.length !== 1) throw new Error(`${own.length} objects of KAITO's: ${JSON.stringify(own)}`);
  const object = structuredClone(own[0] as Plain);
  object["apiVersion"] = "kaito.sh/v1beta1";
  for (const field of ["metadata.namespace", "resource.count", "resource.preferredNodes"])
    drop(object, field);
  const spec = isPlain(object["spec"]) ? object["spec"] : {};
  if (spec["replicas"] === 1) drop(object, "spec.replicas");
  for (const place of ["", "spec.template."]) {
    for (const annotation of OURS)
      drop(object, `${place}metadata.annotations.${annotation.replaceAll(".", "\\.")}`);
    for (const use of ["inference", "tuning"]) {
      drop(object, `${place}${use}.preset.accessMode`);
      drop(object, `${place}${use}.preset.presetOptions.image`);
      const part = valueAt(object, `${place}${use}`);
      if (isPlain(part) && part["config"] !== undefined)
        part["config"] = contentNamed(String(part["config"]), objects);
    }
  }
  return prune(object) as Plain;
}

/** The content of the ConfigMap of a name, or the name when it isn't among the objects. */
function contentNamed(name: string, objects: readonly Plain[]): unknown {
  const map = objects.find((each) => each["kind"] === "ConfigMap" && valueAt(each, "metadata.name") === name);
  return map === undefined ? name : contentOf(map);
}

/** What a ConfigMap says, whatever its name. */
export function contentOf(map: Plain): unknown {
  const { "vllm.yaml": flags, ...files } = map["data"] as Record<string, string>;
  const [content] = Object.values(files).map((text) => parse(text) as Plain);
  if (flags !== undefined && isPlain(content?.["vllm"])) {
    const { config: _file, ...rest } = content["vllm"];
    content["vllm"] = { ...rest, ...(parse(flags) as Plain) };
  }
  return content;
}

/** The value at a path, its parts divided by dots; a dot within a part is written "\\.". */
export function valueAt(object: unknown, path: string): unknown {
  return partsOf(path).reduce<unknown>((value, part) => (isPlain(value) ? value[part] : undefined), object);
}

/** Removes the value at a path, and what is empty without it. */
export function without(object: Plain, path: string): Plain {
  const copy = structuredClone(object);
  drop(copy, path);
  return prune(copy) as Plain;
}

function drop(object: Plain, path: string): void {
  const parts = partsOf(path);
  const last = parts.pop() as string;
  const holder = parts.reduce<unknown>((value, part) => (isPlain(value) ? value[part] : undefined), object);
  if (isPlain(holder)) delete holder[last];
}

function partsOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
}

/** Without null, undefined and what has nothing in it. */
function prune(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => prune(each));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isQuantity = ["requests", "limits"].includes(name) && typeof each === "number";
    return [key, isQuantity ? String(each) : prune(each, key)] as const;
  });
  return Object.fromEntries(entries.filter(([, each]) => !isEmpty(each)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (isPlain(value) && Object.keys(value).length === 0);
}

function isOfKaito(apiVersion: unknown): boolean {
  return String(apiVersion).startsWith("kaito.sh/");
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
