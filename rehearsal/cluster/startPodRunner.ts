import { CoreV1Api, KubeConfig, makeInformer } from "@kubernetes/client-node";
import type { Surroundings } from "./containerProgram.ts";
import { PodRunner } from "./podRunner.ts";
import { realImages } from "./realImages.ts";
import { keepWatching } from "./watch.ts";

/** What the runner is started with. */
export interface PodRunnerOptions extends Omit<Surroundings, "core"> {
  adminKubeconfig: string;
}

/**
 * Runs the real programs of a pod's containers for as long as the pod runs: with their arguments, environment and
 * files, and a controller with a token of the pod's own service account, so that it may do what its chart allows
 * it and no more.
 *
 * @returns a function that ends the watch; the processes end with the others.
 */
export async function startPodRunner(options: PodRunnerOptions): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromFile(options.adminKubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const runner = new PodRunner({ ...options, core }, realImages);
  const informer = makeInformer(config, "/api/v1/pods", () => core.listPodForAllNamespaces());
  informer.on("add", (pod) => runner.see(pod, false));
  informer.on("update", (pod) => runner.see(pod, false));
  informer.on("delete", (pod) => runner.see(pod, true));
  const stop = await keepWatching(informer, (error) => console.error(`pod runner: watch of pods: ${error}`));
  return async () => {
    await stop();
    await runner.close();
  };
}
