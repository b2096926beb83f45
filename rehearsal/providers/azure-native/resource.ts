import { PartialFailure, type State } from "../plugin/plugin.ts";
import type { Properties } from "../plugin/values.ts";
import { type Arm, Unfinished } from "./arm.ts";
import { armId, parametersIn } from "./ids.ts";
import { refreshedInputs } from "./refresh.ts";
import type { ResourceType } from "./resources.ts";
import { inputsOfResponse, outputsOf, requestBody } from "./shape.ts";

/**
 * Creates a resource.
 *
 * @throws {Error} when one with this id exists: a PUT would take it over. azure-native looks first, too.
 * @throws {PartialFailure} when it was accepted and failed afterwards.
 */
export async function create(
  arm: Arm,
  type: ResourceType,
  inputs: Properties,
  timeoutSeconds: number,
): Promise<State> {
  const id = armId(type.path, arm.subscriptionId, inputs);
  if (await arm.get(id, type.apiVersion)) {
    throw new Error(`cannot create already existing resource '${id}'`);
  }
  return write(arm, type, id, inputs, timeoutSeconds);
}

/** Replaces a resource's settings: the whole body is sent, as azure-native does. */
export async function update(
  arm: Arm,
  type: ResourceType,
  inputs: Properties,
  timeoutSeconds: number,
): Promise<State> {
  return write(arm, type, armId(type.path, arm.subscriptionId, inputs), inputs, timeoutSeconds);
}

/** @returns what Azure has, with the inputs that describe it, or nothing when the resource is gone. */
export async function read(
  arm: Arm,
  type: ResourceType,
  id: string,
  olds: { inputs: Properties | undefined; outputs: Properties },
): Promise<(State & { inputs: Properties }) | undefined> {
  const response = await arm.get(id, type.apiVersion);
  if (!response) {
    return undefined;
  }
  const outputs = toOutputs(type, response);
  const inputs = olds.inputs
    ? refreshedInputs(type, olds.inputs, olds.outputs, outputs)
    : { ...parametersIn(type.path, id), ...inputsOfResponse(type, response) };
  return { id, outputs, inputs };
}

async function write(
  arm: Arm,
  type: ResourceType,
  id: string,
  inputs: Properties,
  timeoutSeconds: number,
): Promise<State> {
  try {
    await arm.put(id, type.apiVersion, requestBody(type, inputs), timeoutSeconds);
  } catch (error) {
    throw error instanceof Unfinished ? await partial(arm, type, id, inputs, error.failure) : error;
  }
  // Read again, because a PUT may answer in another shape than the GET that a refresh compares with.
  const response = (await arm.get(id, type.apiVersion)) ?? {};
  const canonical = typeof response["id"] === "string" ? response["id"] : id;
  return { id: canonical, outputs: toOutputs(type, response) };
}

/** Keeps what there is, so that the next run or a destroy can go on from it. */
async function partial(
  arm: Arm,
  type: ResourceType,
  id: string,
  inputs: Properties,
  failure: Error,
): Promise<PartialFailure> {
  try {
    const outputs = toOutputs(type, (await arm.get(id, type.apiVersion)) ?? {});
    return new PartialFailure(failure, { id, outputs }, inputs);
  } catch (error) {
    const both = new Error(
      `resource created but read failed ${(error as Error).message}: ${failure.message}`,
    );
    return new PartialFailure(both, { id, outputs: {} }, inputs);
  }
}

function toOutputs(type: ResourceType, response: Properties): Properties {
  return { ...outputsOf(response, type.outputs, type), azureApiVersion: type.apiVersion };
}
