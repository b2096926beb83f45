import OpenAI from "openai";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { chosenModel, type ServedModel } from "./models.ts";

export type Side = "base" | "tuned";

/** Where a model is asked. */
export interface EndpointOptions {
  side: Side;
  /** Base URL of an OpenAI-compatible API, without a slash at its end. */
  url: string;
  /** As /models lists it; undefined when there must be only one. */
  model?: string;
  /** Sent as a bearer token. It is in no message and no report. */
  apiKey?: string;
  retries: number;
}

/** A model that answered when it was asked what it is called. */
export interface Endpoint {
  side: Side;
  url: string;
  model: string;
  client: OpenAI;
  /** Whether it is asked to count tokens; some endpoints refuse the question. */
  asksUsage: boolean;
  /** Takes the key out of a text, should the endpoint have repeated it. */
  redacted: (text: string) => string;
}

const listingTimeoutMs = 30_000;

/**
 * Asks an endpoint what it serves.
 *
 * @throws {UserError} when it doesn't answer, or not with the model
 */
export async function connect(options: EndpointOptions, signal: AbortSignal): Promise<Endpoint> {
  const { side, url, apiKey } = options;
  const redacted = (text: string) => (apiKey ? text.replaceAll(apiKey, "[key]") : text);
  const client = clientOf(options);
  const model = await chosen(options, client, redacted, signal);
  return { side, url, model, client, asksUsage: true, redacted };
}

/** The SDK reads keys for OpenAI itself from the environment, and must not send them to anyone else. */
function clientOf({ url, apiKey, retries }: EndpointOptions): OpenAI {
  return new OpenAI({
    baseURL: url,
    apiKey: apiKey ?? "none",
    ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: retries,
    logLevel: "off",
  });
}

async function chosen(
  { side, url, model }: EndpointOptions,
  client: OpenAI,
  redacted: (text: string) => string,
  signal: AbortSignal,
): Promise<string> {
  const place = `the ${side} endpoint ${url}`;
  let served: ServedModel[] | undefined;
  try {
    const page = await client.models.list({ signal, timeout: listingTimeoutMs });
    served = page.data as ServedModel[] | undefined;
  } catch (error) {
    signal.throwIfAborted();
    const status = error instanceof OpenAI.APIError ? error.status : undefined;
    // Not everything that is compatible has the list; a name that was given can be tried all the same.
    if (model !== undefined && (status === 404 || status === 405 || status === 501)) return model;
    const remedy =
      status === 401 || status === 403
        ? `pass a key with --${side}-api-key-env`
        : status === 404
          ? `check the path of --${side}, which mostly ends with /v1, or name the model with --${side}-model`
          : `check --${side}, and that the model is up (kubectl get workspace, kubectl port-forward)`;
    const why = visible(redacted(reasonOf(error)));
    throw new UserError(`${place} doesn't answer: ${why}; ${remedy}`, exitCodes.endpointUnavailable);
  }
  // The SDK makes an empty list of whatever it doesn't know.
  if (!served?.length || !served.every(({ id }) => typeof id === "string")) {
    throw new UserError(
      `${place} lists no model; check the path of --${side}, which mostly ends with /v1`,
      exitCodes.endpointUnavailable,
    );
  }
  return chosenModel(place, side, served, model);
}

const maxReason = 500;

/** What went wrong with a request, in one line of bearable length: a proxy may answer with a page of HTML. */
export function reasonOf(error: unknown): string {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return "no answer in time";
  const isAnswer = error instanceof OpenAI.APIError && !(error instanceof OpenAI.APIConnectionError);
  const { message, code } = isAnswer ? (error as Error & { code?: string }) : deepest(error);
  const line = (message || code || String(error)).replaceAll(/\s+/g, " ");
  return line.length > maxReason ? `${line.slice(0, maxReason)} …` : line;
}

/** fetch says "fetch failed" and keeps the reason in its cause; several addresses give several errors. */
function deepest(error: unknown): Error & { code?: string } {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? deepest(inner) : (error as Error);
}
