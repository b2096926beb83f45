import { between, type Direction, policiesFor, type Reading, type Side } from "./evaluate.ts";
import { isPod, type Outside, type Party, type Pod, type Policy, type Protocol } from "./objects.ts";

/**
 * Who may call whom, and on which ports: "TCP 3000", or "any" for all of every protocol. Names are those of the
 * parties, and a star stands for any letters: "chat/*" for the pods of a namespace, "*" for all that there is.
 */
export interface Row {
  from: string;
  to: string;
  ports: readonly string[];
  /** Why, where it isn't plain. */
  why?: string;
  /** Where only one reading allows it. @default - both */
  reading?: Reading;
}

/** Pods by "namespace/name", and addresses by names that begin with "@". */
export type Parties = ReadonlyMap<string, Party>;

/** Addresses that matter. A pod's own node is none of them: whether it may be called is beyond policies. */
export const OUTSIDE: Readonly<Record<string, Outside>> = {
  "@metadata": { address: "169.254.169.254" },
  "@wireserver": { address: "168.63.129.16" },
  "@link-local": { address: "fe80::1" },
  "@public:internet": { address: "20.1.2.3" },
  "@public-v6": { address: "2603:1030::7" },
  "@public:api-server": { address: "20.50.60.70" },
  "@private:network": { address: "10.240.0.9" },
  "@node": { address: "10.224.0.4", kind: "node" },
};

interface Port {
  protocol: Protocol;
  port: number;
}

/** How calls are judged. */
export interface Judgement {
  reading: Reading;
  /** Whose policies are asked. @default "both" */
  side?: Side;
  /**
   * The pods whose calls are judged: as callers for the side "out", as called for "in", as either for both.
   * @default - all
   */
  judged?: (pod: Pod) => boolean;
}

/**
 * All calls that are possible between some parties, beside a table of those that are allowed.
 *
 * Ports that are tried: those that pods have or that `policies` mean, their neighbours, and some that nobody means.
 */
export class Matrix {
  readonly #ports: Port[];
  readonly #pairs: { place: string; from: Party; to: Party; wanted: boolean[] }[] = [];
  readonly #idle: string[];

  constructor(policies: readonly Policy[], parties: Parties, rows: readonly Row[], reading: Reading) {
    this.#ports = portsOf(policies, parties);
    const used = new Set<Row>();
    const matchers = rows
      .filter((row) => row.reading === undefined || row.reading === reading)
      .map((row) => ({ row, from: pattern(row.from), to: pattern(row.to) }));
    for (const [from, caller] of parties) {
      const calling = matchers.filter((each) => each.from.test(from));
      for (const [to, called] of parties) {
        const matching = calling.filter((each) => each.to.test(to)).map(({ row }) => row);
        for (const row of matching) used.add(row);
        this.#pairs.push({
          place: `${from} -> ${to}`,
          from: caller,
          // Of the same name, but not itself: another replica.
          to: caller === called ? { ...called } : called,
          wanted: this.#ports.map((port) => matching.some((row) => covers(row, port))),
        });
      }
    }
    this.#idle = matchers.flatMap(({ row }) =>
      used.has(row) ? [] : [`closed: nothing is ${row.from} -> ${row.to}`],
    );
  }

  /**
   * What policies let through and no row allows ("open"), what a row allows and they don't let through ("closed"),
   * and rows about nothing.
   */
  *differences(
    policies: readonly Policy[],
    { reading, side = "both", judged = () => true }: Judgement,
  ): Generator<string> {
    const applying = remembered(policies);
    for (const { place, from, to, wanted } of this.#pairs) {
      const subjects = { out: [from], in: [to], both: [from, to] }[side];
      if (!subjects.some((party) => isPod(party) && judged(party))) continue;
      const open = this.#ports.map(between(policies, from, to, reading, side, applying));
      if (open.every((each, i) => each === wanted[i])) continue;
      yield* this.#listed(`open: ${place}`, (i) => open[i] === true && !wanted[i]);
      yield* this.#listed(`closed: ${place}`, (i) => wanted[i] === true && !open[i]);
    }
    yield* this.#idle;
  }

  #listed(place: string, which: (index: number) => boolean): string[] {
    const some = this.#ports.filter((_, i) => which(i));
    if (some.length === 0) return [];
    if (some.length === this.#ports.length) return [`${place}: any`];
    const texts = some.map(textOf);
    const shown = texts.length > 12 ? [...texts.slice(0, 12), `and ${texts.length - 12} more`] : texts;
    return [`${place}: ${shown.join(", ")}`];
  }
}

/** Finds each pod's policies once. */
function remembered(policies: readonly Policy[]): typeof policiesFor {
  const known = { Ingress: new Map<Pod, Policy[]>(), Egress: new Map<Pod, Policy[]>() };
  return (_, direction: Direction, pod: Pod) => {
    const found = known[direction].get(pod) ?? policiesFor(policies, direction, pod);
    known[direction].set(pod, found);
    return found;
  };
}

function portsOf(policies: readonly Policy[], parties: Parties): Port[] {
  const numbers = new Set([1, 22, 53, 80, 443, 10_250, 65_535]);
  for (const { spec } of policies) {
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const { port, endPort } of ports) {
        for (const edge of [port, endPort]) if (typeof edge === "number") around(edge, numbers);
      }
    }
  }
  for (const party of parties.values()) {
    if (isPod(party)) for (const { containerPort } of party.ports ?? []) numbers.add(containerPort);
  }
  const sorted = [...numbers].sort((a, b) => a - b);
  return (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) => sorted.map((port) => ({ protocol, port })));
}

function around(port: number, numbers: Set<number>): void {
  for (const each of [port - 1, port, port + 1]) if (each >= 1 && each <= 65_535) numbers.add(each);
}

function covers(row: Row, port: Port): boolean {
  return row.ports.includes("any") || row.ports.includes(textOf(port));
}

function textOf({ protocol, port }: Port): string {
  return `${protocol} ${port}`;
}

function pattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
