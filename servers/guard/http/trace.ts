import type { IncomingHttpHeaders } from "node:http";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  CompositePropagator,
  parseTraceParent,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { isObject } from "../mcp/message.ts";

const propagator = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
});

/** The trace that a request belongs to. */
export interface Trace {
  /** The headers to pass on: those that W3C's specifications allow, in their plain form. */
  headers: Record<string, string>;
  /** The trace's id, 32 hex digits. */
  id: string | undefined;
}

const NONE: Trace = { headers: {}, id: undefined };

/** Reads traceparent, tracestate and baggage; what is malformed is left out. */
export function traceOf(headers: IncomingHttpHeaders): Trace {
  if (headers["traceparent"] === undefined && headers["baggage"] === undefined) return NONE;
  const context = propagator.extract(ROOT_CONTEXT, headers, {
    get: (carrier, key) => carrier[key],
    keys: (carrier) => Object.keys(carrier),
  });
  const carrier: Record<string, string> = {};
  propagator.inject(context, carrier, {
    set: (to, key, value) => {
      to[key] = value;
    },
  });
  return { headers: carrier, id: trace.getSpanContext(context)?.traceId };
}

/** The trace's id out of `_meta.traceparent` of a request's parameters, where clients of other transports put it. */
export function traceIdOfMeta(params: Record<string, unknown> | undefined): string | undefined {
  const meta = params?.["_meta"];
  const value = isObject(meta) ? meta["traceparent"] : undefined;
  return typeof value === "string" ? parseTraceParent(value)?.traceId : undefined;
}
