import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseMembers, type SdkShape } from "./typeSyntax.ts";

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("@pulumi/azure-native/package.json"));
const texts = new Map<string, string>();
const shapes = new Map<string, SdkShape>();
const enums = new Map<string, ReadonlySet<string>>();

/** The version of @pulumi/azure-native whose declarations are read: the plugin claims the same. */
export const sdkVersion: string = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

/** What the SDK declares of a resource. */
export interface SdkResource {
  apiVersion: string;
  inputs: SdkShape;
  outputs: SdkShape;
}

/** What the SDK declares of a function. */
export interface SdkFunction {
  apiVersion: string;
  args: SdkShape;
  result: SdkShape;
}

/**
 * Reads a resource class from the installed SDK: its names and types are those that the program was
 * compiled against, whatever the SDK's version.
 */
export function sdkResource(module: string, name: string): SdkResource {
  const text = declarations(module, name);
  const body = between(text, `export declare class ${name} extends pulumi.CustomResource {\n`, "\n}") ?? "";
  const properties = body.slice(body.indexOf("    readonly "), body.indexOf("    constructor("));
  return {
    apiVersion: defaultApiVersion(text),
    inputs: cached(`${module}.${name}Args`, () => interfaceIn(text, `${name}Args`, "")),
    outputs: cached(`${module}.${name}`, () => parseMembers(properties)),
  };
}

/** Reads a function (`getX`, `listX`) from the installed SDK. */
export function sdkFunction(module: string, name: string): SdkFunction {
  const text = declarations(module, name);
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    apiVersion: defaultApiVersion(text),
    args: cached(`${module}.${type}Args`, () => interfaceIn(text, `${type}Args`, "")),
    result: cached(`${module}.${type}Result`, () => interfaceIn(text, `${type}Result`, "")),
  };
}

/** The members of a nested type such as `inputs.containerservice.PowerStateArgs`. */
export function nestedShape(ref: string): SdkShape {
  return cached(ref, () => {
    const [side, module, name] = ref.split(".") as [string, string, string];
    const file = side === "inputs" ? "types/input.d.ts" : "types/output.d.ts";
    const namespace = between(read(file), `export declare namespace ${module} {\n`, "\n}") ?? "";
    return interfaceIn(namespace, name, "    ");
  });
}

/** The values of an enum such as `enums.containerservice.OSType`. */
export function enumValues(ref: string): ReadonlySet<string> {
  const known = enums.get(ref);
  if (known) {
    return known;
  }
  const [, module, name] = ref.split(".") as [string, string, string];
  const body =
    between(read(`types/enums/${module}/index.d.ts`), `export declare const ${name}: {\n`, "\n}") ?? "";
  const values = new Set(
    [...body.matchAll(/^ {4}readonly \w+: "([^"]*)"/gm)].map((match) => match[1] as string),
  );
  enums.set(ref, values);
  return values;
}

function declarations(module: string, name: string): string {
  return read(`${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
}

function defaultApiVersion(text: string): string {
  return /Uses Azure REST API version ([\w-]+)/.exec(text)?.[1] ?? "";
}

function interfaceIn(text: string, name: string, indent: string): SdkShape {
  // An interface without members is written on one line.
  const start = new RegExp(`^${indent}(?:export )?interface ${name} \\{\n`, "m").exec(text);
  if (!start) {
    return new Map();
  }
  const from = start.index + start[0].length;
  return parseMembers(text.slice(from, text.indexOf(`\n${indent}}`, from)));
}

function between(text: string, start: string, end: string): string | undefined {
  const from = text.indexOf(start);
  return from < 0 ? undefined : text.slice(from + start.length, text.indexOf(end, from));
}

function read(file: string): string {
  let text = texts.get(file);
  if (text === undefined) {
    text = readFileSync(join(root, file), "utf8");
    texts.set(file, text);
  }
  return text;
}

function cached(key: string, make: () => SdkShape): SdkShape {
  let shape = shapes.get(key);
  if (!shape) {
    shape = make();
    shapes.set(key, shape);
  }
  return shape;
}
