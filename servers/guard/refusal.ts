import type { Outcome } from "./audit.ts";

/** Codes of the guard's JSON-RPC errors; -32700 to -32600 are JSON-RPC's own. */
export const codes = {
  parse: -32_700,
  invalidRequest: -32_600,
  invalidParams: -32_602,
  internal: -32_603,
  /** What has no code of its own: unknown session, wrong Origin, shutting down. */
  refused: -32_000,
  unauthenticated: -32_001,
  denied: -32_003,
  limited: -32_029,
  breakerOpen: -32_030,
  deadline: -32_031,
  upstream: -32_032,
} as const;

/** What comes with a refusal besides its message. */
export interface RefusalDetails {
  /** Whole seconds after which it is worth to try again: the header Retry-After, and `data` of the error. */
  retryAfterSeconds?: number;
  /** Further headers of the answer. */
  headers?: Record<string, string>;
  /** What the audit says, where the refusal ends a call. @default "refused" */
  outcome?: Outcome;
}

/** An answer that the guard gives instead of the server: an HTTP status and a JSON-RPC error. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: number;
  readonly details: RefusalDetails;

  constructor(status: number, code: number, message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  get outcome(): Outcome {
    return this.details.outcome ?? "refused";
  }

  /** Headers of the answer. */
  get headers(): Record<string, string> {
    const { retryAfterSeconds, headers } = this.details;
    return {
      ...headers,
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    };
  }

  /** The JSON-RPC error, for the request with this id; null is for those that never had one. */
  toRpc(id: string | number | null): object {
    const { retryAfterSeconds } = this.details;
    const data = retryAfterSeconds === undefined ? {} : { data: { retryAfterSeconds } };
    return { jsonrpc: "2.0", id, error: { code: this.code, message: this.message, ...data } };
  }
}

/** A text in quotation marks, cut where it is long, for the message of a refusal. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 64 ? `${text.slice(0, 63)}…` : text);

/** Two requests of a session can't run under one id, because their answers couldn't be told apart. */
export const idInUse = (): Refusal =>
  new Refusal(400, codes.invalidRequest, "Invalid request: a request with this id is running already");
