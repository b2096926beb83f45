/** What a tuning job goes through, in this order; the last one is for those that failed and try again. */
export type StageName =
  | "unseen"
  | "node"
  | "job"
  | "pod"
  | "volumes"
  | "image"
  | "starting"
  | "weights"
  | "data"
  | "training"
  | "pushing"
  | "ending"
  | "done"
  | "retrying";

/** Where a job is. */
export interface TuningStage {
  name: StageName;
  outcome: "running" | "succeeded" | "failed";
  /** In words, to follow "it is". */
  words: string;
  /** What the cluster says about it. */
  detail?: string;
  /** The container whose log tells more. */
  log?: { pod: string; container: string };
  /** The command that shows more. */
  look: string;
}

/** A job by the name that its Workspace, its Job and its main container have. */
export interface JobName {
  namespace: string;
  name: string;
}

/** A stage of a job that goes on. */
export function stage(name: StageName, words: string, look: string): TuningStage {
  return { name, outcome: "running", words, look };
}
