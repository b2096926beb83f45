import type { Fail, Related } from "./consistent.ts";
import { oneOf } from "./consistent.ts";

/** What a KaitoWorkspace would find out only when the adapter is there, which can be hours later. */
export function adapterConflicts(
  { tuningJobs }: Related,
  model: string,
  { adapters, runtime }: Related["models"][string],
  fail: Fail,
): void {
  const taken = new Map<string, number>();
  for (const [i, { tuningJob, name, strength }] of adapters.entries()) {
    const path = ["models", model, "adapters", i];
    if (tuningJob !== undefined && !(tuningJob in tuningJobs)) {
      fail([...path, "tuningJob"], oneOf("tuningJobs", tuningJobs));
    }
    if (tuningJob !== undefined && tuningJobs[tuningJob]?.output.claim !== undefined) {
      fail([...path, "tuningJob"], `a job whose output is a repository; ${tuningJob}'s is a claim`);
    }
    if (strength !== undefined && runtime !== "transformers") {
      fail([...path, "strength"], 'nothing with the runtime "vllm", where KAITO refuses it');
    }
    const own = name ?? tuningJob;
    if (own === undefined) continue;
    const other = taken.get(own);
    if (other !== undefined) fail([...path, "name"], `another name than adapters[${other}] has: "${own}"`);
    taken.set(own, other ?? i);
  }
}
