import { Api } from "../../kubeApi/api.ts";
import { ReadError } from "../../kubeApi/readError.ts";
import type { DeploymentObject, McpServerObject, PodObject } from "./objects.ts";
import type { PodTrouble } from "./troubles.ts";
import type { RolloutWatch } from "./wait.ts";

const MORE_MS = 10_000;

/**
 * Looks at a server through the API.
 *
 * @param kubeconfig its text, or the path of a file
 */
export function rolloutWatch(kubeconfig: string, id: { namespace: string; name: string }): RolloutWatch {
  const api = new Api(kubeconfig);
  const { namespace, name } = id;
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    async read(signal) {
      const label = encodeURIComponent(`app.kubernetes.io/name=${name},app.kubernetes.io/instance=${name}`);
      const path = `/apis/kagent.dev/v1alpha1/namespaces/${namespace}/mcpservers/${name}`;
      const server = await api.json<McpServerObject>(path, signal);
      const deployment = await api
        .json<DeploymentObject>(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, signal)
        .catch(absent);
      const { items } = await api.json<{ items: PodObject[] }>(`${core}/pods?labelSelector=${label}`, signal);
      return { server, deployment, pods: items };
    },
    // It only explains: whoever may not read logs and events still learns what is wrong.
    async more(trouble) {
      if (trouble.events) return await lastEvent(api, core, trouble);
      if (trouble.log === undefined || trouble.container === undefined) return undefined;
      const query = `container=${trouble.container}&previous=${trouble.log === "previous"}&tailLines=20&limitBytes=65536`;
      const text = await api
        .text(`${core}/pods/${trouble.pod}/log?${query}`, AbortSignal.timeout(MORE_MS))
        .catch(() => "");
      return text
        .split("\n")
        .map((line) => line.trim())
        .findLast(Boolean);
    },
    close: () => api.close(),
  };
}

interface EventObject {
  type?: string;
  message?: string;
  lastTimestamp?: string | null;
}

async function lastEvent(api: Api, core: string, { pod }: PodTrouble): Promise<string | undefined> {
  const selector = encodeURIComponent(`involvedObject.kind=Pod,involvedObject.name=${pod}`);
  const answer = await api
    .json<{ items: EventObject[] }>(`${core}/events?fieldSelector=${selector}`, AbortSignal.timeout(MORE_MS))
    .catch(() => undefined);
  return answer?.items
    .filter(({ type }) => type === "Warning")
    .sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""))
    .at(-1)?.message;
}

function absent(error: unknown): undefined {
  if (error instanceof ReadError && error.why === "absent") return undefined;
  throw error;
}
