/** Where a pod's ports and paths are on this machine. */
export interface LocalPod {
  /** The port of this machine for one that a program of the pod listens on; undefined when none does. */
  port: (inPod: number) => number | undefined;
  /** The place of a file or folder that is mounted into the container; any other path stays as it is. */
  path: (inPod: string) => string;
}
