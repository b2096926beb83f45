import type * as pulumi from "@pulumi/pulumi";
import type { Form } from "../forms.ts";
import { matches, validatedInput } from "../validation.ts";
import type { McpRuntime } from "./scale.ts";

/** Source: names of objects of Kubernetes, which are DNS subdomain names. */
export const OBJECT_NAME: Form = {
  pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  words:
    "an object's name: 1 to 253 of a-z, 0-9, '-' and '.', each part beginning and ending with a letter or a digit",
  example: "search-keys",
};

/**
 * A ConfigMap that KMCP mounts: it calls the volume "cm-" and the ConfigMap's name, and a volume's name is a
 * DNS label. Source: createVolumes in transportadapter_translator.go, v0.3.0.
 */
export const KMCP_CONFIG_MAP: Form = {
  pattern: /^[a-z0-9]([-a-z0-9]{0,58}[a-z0-9])?$/,
  words:
    "1 to 60 of a-z, 0-9 and '-', beginning and ending with a letter or a digit, because KMCP makes a volume's name " +
    'of it (the runtime "deployment" doesn\'t)',
  example: "search-config",
};

/** What the name of a ConfigMap may be. */
export function configMapForm(runtime: McpRuntime = "kmcp"): Form {
  return runtime === "kmcp" ? KMCP_CONFIG_MAP : OBJECT_NAME;
}

/**
 * Names of objects, each checked as soon as it is known, as Kubernetes refers to them; undefined without any.
 */
export function references(path: string, names: pulumi.Input<string>[] = [], form: Form = OBJECT_NAME) {
  if (names.length === 0) return undefined;
  return names.map((name, i) => ({ name: validatedInput(`${path}[${i}]`, name, matches(form)) }));
}
