import type { AzureEnvironment } from "../../../components/azure/session.ts";
import { type CheckRequest, check } from "./check.ts";
import { type DiffKind, detailedDiff } from "./diff.ts";
import { invoke } from "./invoke.ts";
import { createBeforeDelete } from "./naming.ts";
import { create, read, type State, update } from "./resource.ts";
import { resourceType } from "./resources.ts";
import { type Configured, configure } from "./settings.ts";
import { previewOutputs } from "./shape.ts";
import type { Failure } from "./validate.ts";
import type { Properties } from "./values.ts";

/** What an update would do to a resource. */
export interface Diff {
  detailed: Map<string, DiffKind>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** Outputs of an update that are the same after it; azure-native keeps these two. */
const stable = ["name", "location"];

/** The plugin's operations, apart from how they cross the wire. */
export class Provider {
  private readonly environment: AzureEnvironment;
  private readonly groupLocations = new Map<string, string>();
  private configured: Configured | undefined;
  private cancelled = false;

  constructor(environment: AzureEnvironment) {
    this.environment = environment;
  }

  /** @throws {Error} when no session can be opened with these settings. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    this.configured = await configure(settings, this.environment);
  }

  check(request: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }> {
    return check(typeOf(request.urn), request, this.configured, this.groupLocations);
  }

  diff(urn: string, oldInputs: Properties, newInputs: Properties, oldOutputs: Properties): Diff {
    const detailed = detailedDiff(typeOf(urn), oldInputs, newInputs, oldOutputs);
    const replaces = [...detailed].filter(([, kind]) => kind.endsWith("_REPLACE")).map(([path]) => path);
    // Two resources can't have one name; a name that was made up is made anew for the replacement.
    const renamed = oldInputs[createBeforeDelete] === true;
    return { detailed, replaces, deleteBeforeReplace: replaces.length > 0 && !renamed };
  }

  async create(urn: string, inputs: Properties, timeout: number, preview: boolean): Promise<State> {
    const type = typeOf(urn);
    return preview
      ? { id: "", outputs: previewOutputs(inputs, type.outputs) }
      : create(this.session().arm, type, inputs, timeout);
  }

  async read(
    urn: string,
    id: string,
    olds: { inputs: Properties | undefined; outputs: Properties },
  ): Promise<(State & { inputs: Properties }) | undefined> {
    return read(this.session().arm, typeOf(urn), id, olds);
  }

  async update(
    urn: string,
    inputs: Properties,
    oldOutputs: Properties,
    timeout: number,
    preview: boolean,
  ): Promise<Properties> {
    const type = typeOf(urn);
    if (!preview) {
      return (await update(this.session().arm, type, inputs, timeout)).outputs;
    }
    const kept = stable.filter((name) => oldOutputs[name] !== undefined);
    return {
      ...previewOutputs(inputs, type.outputs),
      ...Object.fromEntries(kept.map((name) => [name, oldOutputs[name]])),
    };
  }

  async delete(urn: string, id: string, timeout: number): Promise<void> {
    await this.session().arm.delete(id, typeOf(urn).apiVersion, timeout);
  }

  invoke(token: string, args: Properties): Promise<Properties> {
    return invoke(this.session(), token, args);
  }

  /** Stops waiting: running operations end with an error, and with what is known of their resource. */
  cancel(): void {
    this.cancelled = true;
    this.configured?.arm.cancel();
  }

  private session(): Configured {
    if (this.cancelled) {
      throw new Error("the update was cancelled");
    }
    if (!this.configured) {
      throw new Error("azure-native has not been configured");
    }
    return this.configured;
  }
}

function typeOf(urn: string): ReturnType<typeof resourceType> {
  // A URN's type is prefixed by its parents': `urn:pulumi:stack::project::parent$type::name`.
  return resourceType((urn.split("::")[2] ?? "").split("$").at(-1) ?? "");
}
