import type { AzureEnvironment } from "../../../components/azure/session.ts";
import {
  type CheckRequest,
  type Diff,
  type Failure,
  type Plugin,
  type State,
  typeOf,
} from "../plugin/plugin.ts";
import type { Properties } from "../plugin/values.ts";
import { check } from "./check.ts";
import { detailedDiff } from "./diff.ts";
import { invoke } from "./invoke.ts";
import { createBeforeDelete } from "./naming.ts";
import { create, read, update } from "./resource.ts";
import { resourceType } from "./resources.ts";
import { sdkVersion } from "./sdk.ts";
import { type Configured, configure } from "./settings.ts";
import { previewOutputs } from "./shape.ts";

/** Outputs of an update that are the same after it; azure-native keeps these two. */
const stable = ["name", "location"];

/** The plugin's operations, apart from how they cross the wire. */
export class Provider implements Plugin {
  readonly name = "azure-native";
  readonly version = sdkVersion;
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
    return check(resourceType(typeOf(request.urn)), request, this.configured, this.groupLocations);
  }

  diff(urn: string, oldInputs: Properties, newInputs: Properties, oldOutputs: Properties): Diff {
    const detailed = detailedDiff(resourceType(typeOf(urn)), oldInputs, newInputs, oldOutputs);
    const replaces = [...detailed].filter(([, kind]) => kind.endsWith("_REPLACE")).map(([path]) => path);
    // Two resources can't have one name; a name that was made up is made anew for the replacement.
    const renamed = oldInputs[createBeforeDelete] === true;
    return { detailed, replaces, deleteBeforeReplace: replaces.length > 0 && !renamed };
  }

  async create(urn: string, inputs: Properties, timeout: number, preview: boolean): Promise<State> {
    const type = resourceType(typeOf(urn));
    return preview
      ? { id: "", outputs: previewOutputs(inputs, type.outputs) }
      : create(this.session().arm, type, inputs, timeout);
  }

  async read(
    urn: string,
    id: string,
    olds: { inputs: Properties | undefined; outputs: Properties },
  ): Promise<(State & { inputs: Properties }) | undefined> {
    return read(this.session().arm, resourceType(typeOf(urn)), id, olds);
  }

  async update(
    urn: string,
    inputs: Properties,
    oldOutputs: Properties,
    timeout: number,
    preview: boolean,
  ): Promise<Properties> {
    const type = resourceType(typeOf(urn));
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
    await this.session().arm.delete(id, resourceType(typeOf(urn)).apiVersion, timeout);
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
