import { Api } from "../kubeApi/api.ts";
import { ReadError } from "../kubeApi/readError.ts";
import type { JobWatch } from "./jobWatch.ts";
import {
  type EventObject,
  holds,
  type JobObject,
  ownedBy,
  type PodObject,
  type WorkspaceObject,
} from "./objects.ts";
import type { JobName } from "./stages.ts";

const LOG_MS = 20_000;

/**
 * Looks at a job through the API.
 *
 * @param kubeconfig its text, or the path of a file
 */
export function jobWatch(kubeconfig: string, apiVersion: string, id: JobName): JobWatch {
  const api = new Api(kubeconfig);
  const { namespace, name } = id;
  const core = `/api/v1/namespaces/${namespace}`;

  const events = async (kind: string, about: string, signal: AbortSignal): Promise<EventObject[]> => {
    const selector = encodeURIComponent(`involvedObject.kind=${kind},involvedObject.name=${about}`);
    // They only explain: a role that may not read them still sees the stage.
    const answer = await api
      .json<{ items: EventObject[] }>(`${core}/events?fieldSelector=${selector}`, signal)
      .catch(() => undefined);
    return answer?.items ?? [];
  };

  return {
    async read(signal) {
      const workspace = await api.json<WorkspaceObject>(
        `/apis/${apiVersion}/namespaces/${namespace}/workspaces/${name}`,
        signal,
      );
      const job = await api
        .json<JobObject>(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`, signal)
        .catch(absent);
      if (job === undefined) return { workspace, pods: [], events: [] };
      const label = encodeURIComponent(`kaito.sh/workspace=${name}`);
      const { items: pods } = await api.json<{ items: PodObject[] }>(
        `${core}/pods?labelSelector=${label}`,
        signal,
      );
      const alive = ownedBy(job, pods).find(({ status }) => status?.phase === "Pending");
      const quiet = pods.length > 0 || holds(job.status?.conditions, "Complete") !== undefined;
      return {
        workspace,
        job,
        pods,
        events: alive
          ? await events("Pod", alive.metadata.name, signal)
          : quiet
            ? []
            : await events("Job", name, signal),
      };
    },
    async lastLines({ pod, container }, lines) {
      const path = `${core}/pods/${pod}/log?container=${container}&tailLines=${lines}&limitBytes=65536`;
      const text = await api.text(path, AbortSignal.timeout(LOG_MS)).catch(() => "");
      // A progress bar returns to the beginning of its line instead of ending it.
      return text
        .split(/[\r\n]+/)
        .map((line) => line.trimEnd())
        .filter(Boolean)
        .slice(-lines);
    },
    close: () => api.close(),
  };
}

function absent(error: unknown): undefined {
  if (error instanceof ReadError && error.why === "absent") return undefined;
  throw error;
}
