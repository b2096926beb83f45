import { type Cause, describe, type Evidence, ref } from "../finding.ts";
import { failed, logCommand, logLine, ofLog } from "../podState.ts";
import { settingOf } from "../settings.ts";
import { DOWNLOADS, WITH_PODS } from "./roles.ts";

/** The kernel ended a container because it used more memory than it may. */
export const outOfMemory: Cause = {
  id: "out-of-memory",
  roles: WITH_PODS,
  explains: ["crash-loop", "probe-failing", "tuning-failed", "still-starting", "old-pods"],
  judge(_cluster, subject) {
    const killed = failed(subject).find(({ end }) => end.reason === "OOMKilled");
    if (killed === undefined) return undefined;
    const { pod, status } = killed;
    const limit = pod.spec?.containers.find(({ name }) => name === status.name)?.resources?.limits?.memory;
    return {
      summary: `Container ${status.name} was ended for using more memory than ${limit ? `its limit of ${limit}` : "the node has"}.`,
      likelihood: 0.96,
      evidence: [
        {
          object: ref("pod", pod),
          field: `container ${status.name}, last end`,
          value: `OOMKilled, exit code ${killed.end.exitCode}`,
          count: status.restartCount,
        },
        ...(limit ? [{ object: ref("pod", pod), field: "limits.memory", value: limit }] : []),
      ],
      next: [
        {
          text:
            subject.role === "mcp"
              ? `Give it more: the setting ${settingOf(subject)}.resources.limits.memory`
              : "Give it more memory: the namespace's LimitRange sets a limit where KAITO sets none",
          command:
            subject.role === "mcp" ? "pulumi up" : `kubectl -n ${subject.namespace} describe limitranges`,
        },
        { text: "", command: describe("pod", pod) },
      ],
    };
  },
};

/** Of PyTorch and vLLM, when a GPU's memory doesn't do. */
const GPU_MEMORY =
  /CUDA out of memory|torch\.(cuda\.)?OutOfMemoryError|No available memory for the cache blocks|KV cache is needed, which is larger|less than desired GPU memory utilization|CUDA error: out of memory/i;

/** The GPU's memory doesn't do. */
export const gpuMemory: Cause = {
  id: "gpu-memory",
  roles: DOWNLOADS,
  explains: ["crash-loop", "probe-failing", "tuning-failed", "still-starting"],
  judge(cluster, subject) {
    const line = logLine(cluster, subject, GPU_MEMORY);
    if (line === undefined) return undefined;
    const tuning = subject.role === "tuning";
    const ended: Evidence[] = failed(subject)
      .slice(0, 1)
      .map(({ pod, status, end }) => ({
        object: ref("pod", pod),
        field: `container ${status.name}, last end`,
        value: `exit code ${end.exitCode}`,
        count: status.restartCount,
      }));
    return {
      summary: tuning
        ? "The training doesn't fit into the GPU's memory."
        : "The model with its context doesn't fit into the GPU's memory.",
      likelihood: 0.96,
      evidence: [ofLog(line), ...ended],
      next: [
        {
          text: tuning
            ? "Use a smaller per_device_train_batch_size, the method qlora, or a GPU with more memory"
            : `Set a shorter context (the setting ${settingOf(subject)}.config.maxModelLength), or use a GPU with more memory`,
          command: "npm run select-sku -- --location <region> --gpus 1 --min-gpu-memory <GiB>",
        },
        { text: "See the whole log", command: logCommand(line) },
      ],
    };
  },
};
