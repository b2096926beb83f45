import type { V1ObjectMeta } from "@kubernetes/client-node";

/** Which ports of this machine stand for the ports of pods whose programs run here. */
export class PodPorts {
  readonly #ports = new Map<string, ReadonlyMap<number, number>>();

  /** @param ports the local port of each port in the pod that one of its containers listens on. */
  add(pod: V1ObjectMeta | undefined, ports: ReadonlyMap<number, number>): void {
    this.#ports.set(keyOf(pod), new Map([...(this.#ports.get(keyOf(pod)) ?? []), ...ports]));
  }

  /** Forgets a pod. */
  delete(pod: V1ObjectMeta | undefined): void {
    this.#ports.delete(keyOf(pod));
  }

  get(pod: V1ObjectMeta | undefined, port: number): number | undefined {
    return this.#ports.get(keyOf(pod))?.get(port);
  }
}

function keyOf(pod: V1ObjectMeta | undefined): string {
  return `${pod?.namespace}/${pod?.name}`;
}
