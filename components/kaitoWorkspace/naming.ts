import { DNS_LABEL } from "../forms.ts";
import { servedNameOf } from "../kaito/models.ts";
import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";

/**
 * What requests must call the model.
 * Source: buildVLLMInferenceCommand and buildHuggingfaceInferenceCommand in pkg/model/interface.go, v0.11.0.
 */
export function servedName(args: KaitoWorkspaceArgs, known: string | undefined, name: string): string {
  if (args.model === undefined) return args.servedModelName ?? name;
  const own = known ?? servedNameOf(args.model);
  return args.inferenceSet !== undefined && args.runtime !== "transformers" ? name : own;
}

/**
 * A name short enough for what Kubernetes puts behind it: "-" and 10 characters on a label of each pod of a
 * StatefulSet, before them "-" and 5 for each replica of an InferenceSet.
 */
export function checkedName(name: string, isSet: boolean): string {
  ensure("name", name, matches(DNS_LABEL));
  const most = isSet ? 46 : 52;
  if (name.length > most) {
    throw new InputPropertyError(
      "name",
      `"${name}" has ${name.length} characters; it must have ${most} at most`,
    );
  }
  return name;
}
