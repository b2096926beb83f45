import { InputPropertyError } from "../validation.ts";
import type { ChatAppArgs } from "./args.ts";

/** Everything that ChatAppArgs has: the type makes sure that none is forgotten. */
const KNOWN_ARGS: ReadonlySet<string> = new Set(
  Object.keys({
    name: 1,
    namespace: 1,
    models: 1,
    tools: 1,
    ragEngines: 1,
    publicUrl: 1,
    signIn: 1,
    replicas: 1,
    database: 1,
    redis: 1,
    storage: 1,
    uploads: 1,
    systemPrompt: 1,
    suggestions: 1,
    modelTimeoutSeconds: 1,
    toolTimeoutSeconds: 1,
    toolRounds: 1,
    image: 1,
    imagePullSecrets: 1,
    resources: 1,
    clients: 1,
    egress: 1,
    nodeSelector: 1,
    tolerations: 1,
    readyTimeoutMinutes: 1,
  } satisfies Record<keyof ChatAppArgs, 1>),
);

/** Why something that Open WebUI or its chart has is no argument. */
const REASONS: Readonly<Record<string, string>> = {
  env: "isn't offered: a variable that nobody has checked could open what is closed here, or not be read at all",
  ingress:
    "is another component's affair: PlatformIngress, whose clients and URL are clients and publicUrl here",
  ollama: "isn't offered: models run in KAITO, or behind a URL with the OpenAI API (models)",
  pipelines: "isn't offered: it would run anybody's Python beside the app",
  persistence: "is called storage",
};

/** Refuses arguments that nothing would act on. Types do so at compile time, this does when they are bypassed. */
export function refuseUnsupported(args: object): void {
  for (const key of Object.keys(args)) {
    if (KNOWN_ARGS.has(key)) continue;
    throw new InputPropertyError(key, REASONS[key] ?? "is no argument of ChatApp");
  }
}
