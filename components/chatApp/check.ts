import { DNS_LABEL } from "../forms.ts";
import { type Check, ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";
import type { ChatAppArgs } from "./args.ts";
import { modelEndpoints } from "./models.ts";
import { SYSTEM_PROMPT } from "./prompt.ts";
import { ragTools } from "./ragEngines.ts";
import { checkedSignIn } from "./signIn.ts";
import { sharedState } from "./state.ts";
import { toolServers } from "./tools.ts";
import { refuseUnsupported } from "./unsupported.ts";

/** The arguments with their defaults, or an error that names what is wrong. */
export function checkedArgs(name: string, args: ChatAppArgs) {
  refuseUnsupported(args);
  const publicUrl = args.publicUrl === undefined ? undefined : ensure("publicUrl", args.publicUrl, origin);
  const tools = toolServers(args.tools ?? []);
  const ragEngines = ragTools(args.ragEngines ?? []);
  eachOnce("tools", tools);
  eachOnce("ragEngines", ragEngines);
  return {
    app: ensure("name", args.name ?? name, matches(DNS_LABEL)),
    publicUrl,
    models: modelEndpoints(args.models),
    tools,
    ragEngines,
    signIn: checkedSignIn(args.signIn ?? {}, publicUrl),
    state: sharedState(args),
    uploads: args.uploads ?? true,
    systemPrompt: args.systemPrompt ?? SYSTEM_PROMPT,
    suggestions: args.suggestions ?? ["What are the latest features in AKS?"],
    modelTimeoutSeconds: ensure("modelTimeoutSeconds", args.modelTimeoutSeconds ?? 600, wholeNumber(1, 3600)),
    toolTimeoutSeconds: ensure("toolTimeoutSeconds", args.toolTimeoutSeconds ?? 300, wholeNumber(1, 300)),
    toolRounds: ensure("toolRounds", args.toolRounds ?? 10, wholeNumber(1, 100)),
  };
}

/** An address as browsers call it, without a path: Open WebUI can't be below one. */
const origin: Check<string> = (text) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
    ? undefined
    : `${JSON.stringify(text)} is not allowed; it must be an http or https URL without a path and a slash at its ` +
      'end, for example "https://chat.example.com"';

function eachOnce(list: string, entries: { name: string }[]): void {
  for (const [i, { name }] of entries.entries()) {
    if (entries.findIndex((other) => other.name === name) === i) continue;
    throw new InputPropertyError(
      `${list}[${i}].name`,
      `"${name}" is there twice; each needs a name of its own`,
    );
  }
}
