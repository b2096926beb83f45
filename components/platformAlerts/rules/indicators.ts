import { EXECUTING_TOOLS } from "../../innovationEngine/settings.ts";
import type { Objectives } from "../objectives.ts";
import type { Watched } from "../watched.ts";
import type { Indicator } from "./burnRates.ts";
import { bucket } from "./rule.ts";

/**
 * How calls end that the server or the platform is to blame for. What the guard refuses (denied, limited, refused) and
 * what the caller breaks off is no failure of the platform, and a tool that says no has answered.
 */
export const FAILED_OUTCOMES = ["upstream-error", "timeout", "breaker-open"] as const;
/** How calls end that count at all. */
export const COUNTED_OUTCOMES = ["ok", "tool-error", "protocol-error", ...FAILED_OUTCOMES] as const;

/** What is measured of this platform for its objectives. */
export function indicators(
  { windowDays, minimumBadEvents, ...objectives }: Objectives,
  watched: Watched,
): Indicator[] {
  const { mcp, model, chat } = objectives;
  const found: Indicator[] = [];
  const add = (targetPercent: number, indicator: Omit<Indicator, "targetPercent" | "windowDays">) =>
    found.push({ ...indicator, targetPercent, windowDays });

  if (mcp && watched.mcp) {
    const calls = (outcomes: readonly string[]) => `mcp_guard_calls_total{outcome=~"${outcomes.join("|")}"}`;
    const duration = "mcp_guard_call_duration_seconds";
    // A document runs for as long as its commands do: minutes are no fault of the server's.
    const quick = `tool!~"${EXECUTING_TOOLS.join("|")}"`;
    add(mcp.availabilityPercent, {
      objective: "mcp-availability",
      title: "McpAvailability",
      by: ["server"],
      ratio: shareOf(calls(FAILED_OUTCOMES), calls(COUNTED_OUTCOMES), "server"),
      events: enough(calls(COUNTED_OUTCOMES), "server", minimumBadEvents),
      trouble: "MCP calls to {{ $labels.server }} fail",
    });
    add(mcp.latencyPercent, {
      objective: "mcp-latency",
      title: "McpLatency",
      by: ["server"],
      ratio: slowerThan(duration, bucket(mcp.latencySeconds), quick, "server"),
      events: enough(`${duration}_count{${quick}}`, "server", minimumBadEvents),
      trouble: `MCP calls to {{ $labels.server }} take more than ${mcp.latencySeconds} s`,
    });
  }
  if (model && watched.models) {
    const requests = (more: string) => `http_requests_total{job="vllm", handler=~"/v1/.*"${more}}`;
    const duration = "vllm:time_to_first_token_seconds";
    add(model.availabilityPercent, {
      objective: "model-availability",
      title: "ModelAvailability",
      by: ["workspace"],
      ratio: shareOf(requests(', status="5xx"'), requests(""), "workspace"),
      events: enough(requests(""), "workspace", minimumBadEvents),
      trouble: "Requests to the model {{ $labels.workspace }} fail",
    });
    add(model.latencyPercent, {
      objective: "model-latency",
      title: "ModelLatency",
      by: ["workspace"],
      ratio: slowerThan(duration, bucket(model.latencySeconds), "", "workspace"),
      events: enough(`${duration}_count`, "workspace", minimumBadEvents),
      trouble: `The first token of {{ $labels.workspace }} takes more than ${model.latencySeconds} s`,
    });
  }
  if (chat && watched.chat) {
    const { namespace, deployment } = watched.chat;
    const of = `namespace="${namespace}"`;
    add(chat.availabilityPercent, {
      objective: "chat-ready",
      title: "ChatReady",
      by: [],
      recorded: [
        {
          record: READY,
          expr: `clamp_max(sum(kube_deployment_status_replicas_available{${of}, deployment="${deployment}"}), 1)`,
          labels: { objective: "chat-ready" },
        },
      ],
      ratio: (window) => `1 - avg_over_time(${READY}{objective="chat-ready"}[${window}])`,
      trouble: "The chat app isn't there",
    });
    if (watched.istio) {
      const requests = (more: string) =>
        `istio_requests_total{reporter="source", destination_service_namespace="${namespace}"${more}}`;
      const duration = "istio_request_duration_milliseconds";
      // A WebSocket is answered with 101 and then lasts as long as the page is open.
      const answered = `reporter="source", destination_service_namespace="${namespace}", response_code!="101"`;
      add(chat.availabilityPercent, {
        objective: "chat-availability",
        title: "ChatAvailability",
        by: [],
        ratio: shareOf(requests(', response_code=~"5.."'), requests("")),
        events: enough(requests(""), undefined, minimumBadEvents),
        trouble: "Requests to the chat app fail",
      });
      add(chat.latencyPercent, {
        objective: "chat-latency",
        title: "ChatLatency",
        by: [],
        ratio: slowerThan(duration, bucket(chat.latencySeconds * 1000), answered),
        events: enough(`${duration}_count{${answered}}`, undefined, minimumBadEvents),
        trouble: `Answers of the chat app take more than ${chat.latencySeconds} s`,
      });
    }
  }
  return found;
}

/** The recorded readiness: 1 while a pod can answer, otherwise 0. */
export const READY = "objective:ready";

const sum = (by: string | undefined) => (by === undefined ? "sum" : `sum by (${by}) `);

/**
 * The share of bad events. Series of failures that never happened don't exist, which must be 0 and not nothing; where
 * nothing happened at all there is no share.
 */
function shareOf(bad: string, all: string, by?: string) {
  return (window: string) => {
    const allRate = `${sum(by)}(rate(${all}[${window}]))`;
    return `(${sum(by)}(rate(${bad}[${window}])) or 0 * ${allRate}) / (${allRate} > 0)`;
  };
}

/** The share of events that took longer than a bucket's limit. */
function slowerThan(histogram: string, limit: string, matchers: string, by?: string) {
  const within = [matchers, limit].filter(Boolean).join(", ");
  const all = matchers && `{${matchers}}`;
  return (window: string) =>
    `1 - ${sum(by)}(rate(${histogram}_bucket{${within}}[${window}])) / (${sum(by)}(rate(${histogram}_count${all}[${window}])) > 0)`;
}

function enough(
  events: string,
  by: string | undefined,
  minimumBad: number,
): NonNullable<Indicator["events"]> {
  return { count: (window) => `${sum(by)}(increase(${events}[${window}]))`, minimumBad };
}
