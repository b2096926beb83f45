import { Matrix, type Row } from "./networkPolicy/matrix.ts";
import { type Pod, type Policy, READINGS, type Reading } from "./networkPolicy.ts";
import { partiesOf } from "./stackParties.ts";
import type { ClusterView } from "./stackPods.ts";

/** Who may call whom in a stack. */
export interface Table {
  /** Its namespaces. */
  namespaces: readonly string[];
  /** Those of them whose pods are let out to nothing but what is named. */
  closed: readonly string[];
  /** What is allowed. */
  rows: readonly Row[];
  /** What lets everybody in, whoever of them is let out. */
  openToAll: readonly Row[];
}

/** A stack's calls beside the table of those that are allowed. */
export class StackNetwork {
  readonly #view: ClusterView;
  readonly #table: Table;
  readonly #calls = new Map<Reading, { calls: Matrix; into: Matrix }>();

  constructor(view: ClusterView, table: Table) {
    this.#view = view;
    this.#table = table;
    const { rows, openToAll } = table;
    const parties = partiesOf(view);
    for (const reading of READINGS) {
      this.#calls.set(reading, {
        calls: new Matrix(view.policies, parties, rows, reading),
        into: new Matrix(view.policies, parties, [...rows, ...openToAll], reading),
      });
    }
  }

  /**
   * What differs from the table. Each side must say it alone: whether one is too wide isn't seen in calls, as long as
   * the other one isn't.
   *
   * @param policies others than the view's. @default - the view's
   * @param within only calls of this namespace's pods. @default - of all of the stack's
   */
  *differences(
    reading: Reading,
    policies: readonly Policy[] = this.#view.policies,
    within?: string,
  ): Generator<string> {
    const { namespaces, closed } = this.#table;
    const judged = ({ namespace }: Pod) =>
      within === undefined ? namespaces.includes(namespace) : namespace === within;
    const letOut = (pod: Pod) => judged(pod) && closed.includes(pod.namespace);
    const { calls, into } = this.#calls.get(reading) ?? {};
    if (calls === undefined || into === undefined) throw new Error(`nobody reads policies as ${reading}`);
    yield* calls.differences(policies, { reading, side: "out", judged: letOut });
    yield* into.differences(policies, { reading, side: "in", judged });
    yield* calls.differences(policies, { reading, judged });
  }
}

/** What differs from the table in a cluster, by either reading; see `liveView`. */
export function differencesOf(view: ClusterView, table: Table): string[] {
  const network = new StackNetwork(view, table);
  return READINGS.flatMap((reading) =>
    [...network.differences(reading)].map((each) => `${reading}: ${each}`),
  );
}
