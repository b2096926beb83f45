import type { Properties } from "./values.ts";

/** The project's wish for names that the program leaves to the plugin (`pulumi:autonaming`). */
export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposed: string;
}

/** What Check is asked. */
export interface CheckRequest {
  urn: string;
  olds: Properties;
  news: Properties;
  seed: Uint8Array;
  autonaming: Autonaming | undefined;
}

/** Something wrong with an input. */
export interface Failure {
  property: string;
  reason: string;
}

/** What happens to one property, in the protocol's words. */
export type DiffKind = "ADD" | "ADD_REPLACE" | "DELETE" | "DELETE_REPLACE" | "UPDATE" | "UPDATE_REPLACE";

/** What an update would do to a resource. */
export interface Diff {
  detailed: Map<string, DiffKind>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A resource's id and outputs. */
export interface State {
  id: string;
  outputs: Properties;
}

/** A resource that was begun and could not be finished: it has to be kept in the state to be cleaned up. */
export class PartialFailure extends Error {
  readonly state: State;
  readonly inputs: Properties;

  constructor(failure: Error, state: State, inputs: Properties) {
    super(failure.message);
    this.state = state;
    this.inputs = inputs;
  }
}

/** The operations of a plugin that stands in, apart from how they cross the wire. Times are in seconds. */
export interface Plugin {
  /** The package's name, which its settings begin with, and its version. */
  readonly name: string;
  readonly version: string;
  /** @throws {Error} when the plugin can't work with these settings. */
  configure(settings: Readonly<Record<string, string>>): Promise<void>;
  check(request: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(urn: string, oldInputs: Properties, newInputs: Properties, oldOutputs: Properties): Diff;
  create(urn: string, inputs: Properties, timeout: number, preview: boolean): Promise<State>;
  /** Nothing when the resource is gone. */
  read(
    urn: string,
    id: string,
    olds: { inputs: Properties | undefined; outputs: Properties },
  ): Promise<(State & { inputs: Properties }) | undefined>;
  update(
    urn: string,
    inputs: Properties,
    oldOutputs: Properties,
    timeout: number,
    preview: boolean,
  ): Promise<Properties>;
  delete(urn: string, id: string, timeout: number): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Breaks off what is under way. */
  cancel(): void;
}

/** A resource's type token, from its URN: `urn:pulumi:stack::project::parent$type::name`. */
export function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}
