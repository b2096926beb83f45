import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { RequestOptions } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { interruptible } from "../interrupt.ts";
import { keepFromProxy } from "../proxy.ts";
import { type Called, call } from "./call.ts";
import { aborted, type Connection, connect } from "./connection.ts";
import { explained } from "./failure.ts";
import { lists } from "./lists.ts";
import { fromJson } from "./parameters.ts";
import { isExposed, type Place, type PlaceOptions, placeOf } from "./place.ts";
import { visibleLines } from "./print.ts";

export interface RunOptions {
  place: PlaceOptions;
  /** @default - tools are listed */
  call?: Called;
  timeoutMs: number;
  prompts?: boolean;
  resources?: boolean;
  json?: boolean;
}

/**
 * Lists what a server has, or calls a tool, and prints it.
 *
 * @returns false when the tool reports an error
 * @throws {UserError} with what to do next
 */
export async function run(options: RunOptions): Promise<boolean> {
  const { call: called, json, timeoutMs } = options;
  const place = placeOf(options.place, process.env);
  const parameters = called && fromJson(called);
  if (place.transport !== "stdio") {
    keepFromProxy(place.url, process.env);
    if (isExposed(place))
      console.error(`warning: the token goes to ${place.url.host} in the clear; use https`);
  }
  const work = (client: Client, request: RequestOptions, signal: AbortSignal): Promise<boolean> =>
    called === undefined
      ? lists(client, place, options, request)
      : call(client, { ...called, parameters, json, signal }, request);
  const told = "interrupted; the server was told to cancel";
  return await interruptible(async (signal) => {
    try {
      return await withServer(place, { timeoutMs, signal }, work);
    } catch (error) {
      throw explained(error, place, timeoutMs);
    }
  }, told);
}

async function withServer<T>(
  place: Place,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  work: (client: Client, request: RequestOptions, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const onServerLog = (text: string) => process.stderr.write(visibleLines(text));
  const connection: Connection = await connect(place, { timeoutMs, signal, onServerLog });
  try {
    // The SDK would cancel every request that had the signal, those that were answered long ago as well.
    const request = { timeout: timeoutMs, resetTimeoutOnProgress: true };
    return await Promise.race([work(connection.client, request, signal), aborted(signal)]);
  } finally {
    await connection.close();
  }
}
