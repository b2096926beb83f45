type Labels = Readonly<Record<string, string>>;

/** Labels by which pods that go by more than one are told, with what is put before the value. */
const BY_LABEL: readonly [key: string, before: string][] = [
  ["inferenceset.kaito.sh/created-by", ""],
  ["kaito.sh/workspace", ""],
  ["kaito.sh/ragengine", ""],
  ["gateway.networking.k8s.io/gateway-name", ""],
  ["role", "nfd-"],
];

/** Names of pods whose labels have others. */
const BY_VALUE: readonly [key: string, value: string, name: string][] = [
  ["control-plane", "controller-manager", "kmcp"],
  ["name", "nvidia-device-plugin-ds", "device-plugin"],
  ["app.kubernetes.io/name", "gpu-feature-discovery", "gpu-feature-discovery"],
  ["app.kubernetes.io/name", "workspace", "kaito-workspace"],
  ["app.kubernetes.io/name", "ragengine", "kaito-ragengine"],
  ["acme.cert-manager.io/http01-solver", "true", "acme-solver"],
  ["app.kubernetes.io/name", "dcgm-exporter", "dcgm-exporter"],
];

/** What a pod is called in the tables of allowed calls, as its labels say, whoever made it. */
export function tableName(labels: Labels): string {
  const known = BY_VALUE.find(([key, value]) => labels[key] === value);
  if (known) return known[2];
  const label = BY_LABEL.find(([key]) => labels[key] !== undefined);
  if (label) return `${label[1]}${labels[label[0]]}`;
  const { "app.kubernetes.io/instance": instance = "unknown", "app.kubernetes.io/component": component } =
    labels;
  // Backups are pods of their own beside their database's, of the same instance.
  if (labels["app.kubernetes.io/name"] === "postgresql-backup") return `${instance}-backup`;
  return component === undefined ? instance : `${instance}-${component}`;
}
