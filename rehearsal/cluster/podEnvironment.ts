import type { CoreV1Api, V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";

/** The calls by which a kubelet gets the values of variables. */
export type EnvironmentApi = Pick<CoreV1Api, "readNamespacedConfigMap" | "readNamespacedSecret">;

/**
 * A container's environment as its kubelet makes it: what `envFrom` names first, then each variable of its own.
 *
 * @throws {Error} when a ConfigMap or Secret that is named isn't there, for which a kubelet would wait.
 */
export async function environmentOf(
  api: EnvironmentApi,
  pod: V1Pod,
  container: V1Container,
): Promise<Record<string, string>> {
  const namespace = pod.metadata?.namespace ?? "default";
  const secret = async (name = "") => {
    const { data } = await api.readNamespacedSecret({ name, namespace });
    return Object.fromEntries(
      Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
    );
  };
  const configMap = async (name = "") => (await api.readNamespacedConfigMap({ name, namespace })).data ?? {};
  const values: Record<string, string> = {};
  for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
    const all = secretRef
      ? await secret(secretRef.name)
      : configMapRef
        ? await configMap(configMapRef.name)
        : {};
    for (const [key, value] of Object.entries(all)) {
      values[prefix + key] = value;
    }
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
    values[name] =
      (value === undefined ? undefined : expanded(value, values)) ??
      (secretKeyRef
        ? (await secret(secretKeyRef.name))[secretKeyRef.key]
        : configMapKeyRef
          ? (await configMap(configMapKeyRef.name))[configMapKeyRef.key]
          : fieldOf(pod, valueFrom)) ??
      "";
  }
  return values;
}

/**
 * A container's arguments as its kubelet makes them, `$(NAME)` being the value of a variable; a flag's path is that
 * of this machine.
 */
export function argumentsOf(
  { args = [] }: V1Container,
  environment: Readonly<Record<string, string>>,
  path: (inPod: string) => string,
): string[] {
  return args
    .map((arg) => expanded(arg, environment))
    .map((arg) => arg.replace(/^(--?[\w-]+=)?(\/.*)$/, (_, flag = "", value) => flag + path(value)));
}

/** Puts values in place of `$(NAME)`, and `$` in place of `$$`; a name that isn't known stays as it is written. */
function expanded(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (written, name: string | undefined) =>
    name === undefined ? "$" : (values[name] ?? written),
  );
}

function fieldOf(pod: V1Pod, source: V1EnvVar["valueFrom"]): string | undefined {
  const fields: Record<string, string | undefined> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName,
    "status.podIP": pod.status?.podIP,
  };
  return fields[source?.fieldRef?.fieldPath ?? ""];
}
