/** The longest text that stays whole; longer ones are programs, certificates and other files. */
const LONGEST = 200;

/** Kinds of Kubernetes that the bill depends on. */
const PRICED = new Set(["PersistentVolumeClaim", "Service", "StatefulSet"]);

/**
 * A stream of events without what no test needs: debug messages (which hold secrets in clear text), the details of
 * what policies looked at, ends of steps, what resources gave back, the insides of objects of Kubernetes whose price
 * nobody asks, and this machine's paths.
 *
 * @param project the folder in which Pulumi ran
 */
export function slimmed(stream: string, project: string): string {
  const refreshing = new Set<string>();
  const lines = stream.split("\n").filter((line) => line.startsWith("{"));
  const kept = lines.flatMap((line) => {
    const event = JSON.parse(line);
    if (event.diagnosticEvent?.severity === "debug") return [];
    if (event.policyAnalyzeSummaryEvent ?? event.policyRemediateSummaryEvent) return [];
    const { metadata } = event.resourcePreEvent ?? event.resOutputsEvent ?? {};
    if (event.resOutputsEvent && !refreshing.delete(metadata.urn)) return [];
    if (event.resourcePreEvent && metadata.op === "refresh") {
      refreshing.add(metadata.urn);
      const { op, urn, type } = metadata;
      return [JSON.stringify({ ...event, resourcePreEvent: { metadata: { op, urn, type } } })];
    }
    const text = JSON.stringify(metadata ? cut(event) : event);
    return [text.replaceAll(project, "/project")];
  });
  return `${kept.join("\n").replaceAll(/(?:\/[\w.-]+)+\/(hosts|rehearsal\/bin|bin)\//g, "/tools/$1/")}\n`;
}

function cut(value: unknown, key = ""): unknown {
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value;
  if (Array.isArray(value)) return value.map((each) => cut(each));
  if (typeof value !== "object" || value === null) return value;
  if (key === "outputs") return {};
  const object = value as { apiVersion?: string; kind?: string; metadata?: object };
  if (key === "inputs" && object.apiVersion !== undefined && !PRICED.has(object.kind ?? "")) {
    return { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item, name)]));
}
