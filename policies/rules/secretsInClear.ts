import type { Container } from "../lib/containers.ts";
import { holdsPods, podsOf } from "../lib/pods.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { isHarmless, namesSecret, secretIn, secretOption, secretSetting } from "../lib/secretText.ts";
import { dig, isHidden, isRecord, join } from "../lib/unknown.ts";

const configMap = /^kubernetes:core\/v1:ConfigMap(Patch)?$/;

/** Secrets are in Secrets. */
export const secretsInClear = rule<object>({
  name: "secrets-in-clear",
  displayName: "Secrets are in Secrets",
  severity: "critical",
  demands:
    "No environment variable, command line or ConfigMap holds a secret: a value under a name such as API_KEY, in a " +
    "ConfigMap's files of settings too, or one that looks like a key, a token or a URL with a password.",
  why: "Everybody who may look at pods or ConfigMaps reads it there, and it is in every log of changes to them.",
  fix: "Put it into a Secret, and refer to that: valueFrom.secretKeyRef, envFrom.secretRef, or a volume.",
  config: {},
  applies: (type) => holdsPods(type) || configMap.test(type),
  check({ type, props }, _config, found) {
    if (configMap.test(type)) {
      checkData(props, "data", found);
      checkData(props, "binaryData", found);
      return;
    }
    for (const pod of podsOf(type, props)) {
      for (const hidden of pod.hidden) found.unknown(hidden);
      for (const container of pod.containers) {
        checkEnv(container, found);
        checkArgs(container, found);
      }
    }
  },
});

function checkEnv({ label, path, fields }: Container, found: Findings): void {
  const env = dig(fields, "env");
  if (isHidden(env, found)) return;
  if (!Array.isArray(env)) return;
  env.forEach((variable, i) => {
    if (isHidden(variable, found)) return;
    const [name, value] = [dig(variable, "name"), dig(variable, "value")];
    if (value === undefined || value === "") return;
    // MCPServer's are a map, and say where they stand.
    const at = dig(variable, "path") ?? `${join(join(path, "env"), i)}.value`;
    judge(`The variable ${name} of ${label}`, String(name), value, String(at), found);
  });
}

function checkArgs({ label, path, fields }: Container, found: Findings): void {
  for (const key of ["command", "args"]) {
    const args = dig(fields, key);
    isHidden(args, found);
    if (!Array.isArray(args)) continue;
    for (const arg of args) isHidden(arg, found);
    const option = secretOption(args);
    const what = option === undefined ? secretIn(args.join(" ")) : `a secret after ${option}`;
    if (what !== undefined) found.violation(`The command line of ${label} holds ${what} (${path}.${key}).`);
  }
}

function checkData(props: unknown, field: "data" | "binaryData", found: Findings): void {
  const data = dig(props, field);
  if (isHidden(data, found)) return;
  if (!isRecord(data)) return;
  for (const [key, given] of Object.entries(data)) {
    const value = field === "binaryData" && typeof given === "string" ? decoded(given) : given;
    const [what, path] = [`The ConfigMap's ${key}`, join(field, key)];
    // A key with a dot is a file's name, whose words say little: api-key.md is about one.
    judge(what, key.includes(".") ? "" : key, value, path, found);
    const setting = typeof value === "string" ? secretSetting(key, value) : undefined;
    if (setting !== undefined) found.violation(`${what} sets ${setting} in clear (${path}).`);
  }
}

/** Text as Kubernetes keeps it in `binaryData`; what is no text stays unreadable. */
function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

function judge(what: string, name: string, value: unknown, path: string, found: Findings): void {
  if (value === "") return;
  // The name is enough, also of a value that isn't known: whatever it will be, it will stand there in clear.
  if (namesSecret(name) && !isHarmless(value)) {
    found.violation(`${what} is a secret by its name, in clear (${path}).`);
  } else if (!isHidden(value, found)) {
    const secret = secretIn(String(value));
    if (secret !== undefined) found.violation(`${what} holds ${secret} (${path}).`);
  }
}
