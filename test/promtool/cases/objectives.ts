import { RATIO_WINDOWS } from "../../../components/platformAlerts/rules/burnRates.ts";
import type { AlertCase, RecordCase } from "../case.ts";

/** Events of one subject: so many good and bad ones a minute, from the first minute to the last. */
type Traffic = (good: number, bad: number, minutes: number) => Record<string, string>;

interface Subject {
  objective: string;
  title: string;
  labels: Record<string, string>;
  traffic: Traffic;
}

const counter = (each: number, minutes: number) => `0+${each}x${minutes}`;

/** A histogram with two buckets: that of the limit, and all. */
const histogram =
  (name: string, labels: string, limit: string): Traffic =>
  (good, bad, minutes) => ({
    [`${name}_bucket{${labels}, le="${limit}"}`]: counter(good, minutes),
    [`${name}_bucket{${labels}, le="+Inf"}`]: counter(good + bad, minutes),
    [`${name}_count{${labels}}`]: counter(good + bad, minutes),
  });

const ISTIO = 'job="istio-gateway", reporter="source", destination_service_namespace="chat"';

const SUBJECTS: Subject[] = [
  {
    objective: "mcp-availability",
    title: "McpAvailability",
    labels: { server: "echo" },
    traffic: (good, bad, minutes) => ({
      'mcp_guard_calls_total{server="echo", tool="echo", outcome="ok"}': counter(good, minutes),
      'mcp_guard_calls_total{server="echo", tool="echo", outcome="upstream-error"}': counter(bad, minutes),
      // However many are refused, it's no failure of the server's.
      'mcp_guard_calls_total{server="echo", tool="echo", outcome="denied"}': counter(50, minutes),
    }),
  },
  {
    objective: "mcp-latency",
    title: "McpLatency",
    labels: { server: "echo" },
    traffic: (good, bad, minutes) => ({
      ...histogram("mcp_guard_call_duration_seconds", 'server="echo", tool="echo"', "5")(good, bad, minutes),
      // A document runs for as long as its commands do.
      ...histogram("mcp_guard_call_duration_seconds", 'server="echo", tool="execute_document"', "5")(
        0,
        50,
        minutes,
      ),
    }),
  },
  {
    objective: "model-availability",
    title: "ModelAvailability",
    labels: { workspace: "phi" },
    traffic: (good, bad, minutes) => ({
      'http_requests_total{job="vllm", workspace="phi", handler="/v1/chat/completions", status="2xx"}':
        counter(good, minutes),
      'http_requests_total{job="vllm", workspace="phi", handler="/v1/chat/completions", status="5xx"}':
        counter(bad, minutes),
      // Probes aren't requests.
      'http_requests_total{job="vllm", workspace="phi", handler="/health", status="5xx"}': counter(
        60,
        minutes,
      ),
    }),
  },
  {
    objective: "model-latency",
    title: "ModelLatency",
    labels: { workspace: "phi" },
    traffic: histogram("vllm:time_to_first_token_seconds", 'workspace="phi"', "5.0"),
  },
  {
    objective: "chat-availability",
    title: "ChatAvailability",
    labels: {},
    traffic: (good, bad, minutes) => ({
      [`istio_requests_total{${ISTIO}, response_code="200"}`]: counter(good, minutes),
      [`istio_requests_total{${ISTIO}, response_code="503"}`]: counter(bad, minutes),
    }),
  },
  {
    objective: "chat-latency",
    title: "ChatLatency",
    labels: {},
    traffic: (good, bad, minutes) => ({
      ...histogram("istio_request_duration_milliseconds", `${ISTIO}, response_code="200"`, "2500")(
        good,
        bad,
        minutes,
      ),
      // A page that is open holds a WebSocket; it says nothing about speed.
      ...histogram("istio_request_duration_milliseconds", `${ISTIO}, response_code="101"`, "2500")(
        0,
        500,
        minutes,
      ),
    }),
  },
];

/** A share of bad events that no objective here allows, and one that all do. */
const MANY = [60, 40] as const;
const FEW = [1000, 1] as const;

/** Of 100 events 40 were bad, in every window. */
const VALUE = "40%";

const ofTraffic = SUBJECTS.flatMap(({ objective, title, labels, traffic }): AlertCase[] => {
  const alerts = { labels: { objective, ...labels }, value: VALUE };
  const recovered = Object.fromEntries(
    // After an hour of failures nothing but good events, for half an hour.
    Object.entries(traffic(60, 40, 60)).map(([series, values]) => {
      const still = traffic(100, 0, 30)[series] ?? "";
      const [, last = "0"] = /\+(\d+)x/.exec(values) ?? [];
      const from = Number(last) * 60;
      const [, each = "0"] = /\+(\d+)x/.exec(still) ?? [];
      return [series, `${values} ${from + Number(each)}+${each}x40`];
    }),
  );
  return [
    {
      alert: `${title}FastBurn`,
      when: "four of ten are bad",
      series: traffic(...MANY, 90),
      at: "90m",
      fires: [alerts],
    },
    {
      alert: `${title}FastBurn`,
      when: "one of a thousand is bad",
      series: traffic(...FEW, 90),
      at: "90m",
      fires: [],
    },
    { alert: `${title}FastBurn`, when: "it was bad, and is over", series: recovered, at: "100m", fires: [] },
    {
      alert: `${title}FastBurn`,
      when: "one of twenty is bad, in a quiet night",
      series: once(traffic, 19, 1),
      at: "60m",
      fires: [],
    },
    {
      alert: `${title}SlowBurn`,
      when: "one of twenty is bad, in a quiet night",
      series: once(traffic, 19, 1),
      at: "60m",
      fires: [],
    },
    {
      alert: `${title}FastBurn`,
      when: "ten of twenty are bad, in a quiet night",
      series: once(traffic, 10, 10),
      at: "33m",
      fires: [{ labels: { objective, ...labels }, value: "50%" }],
    },
    {
      alert: `${title}SlowBurn`,
      when: "four of ten are bad",
      series: traffic(...MANY, 200),
      at: "200m",
      fires: [alerts],
    },
    {
      alert: `${title}SlowBurn`,
      when: "one of a thousand is bad",
      series: traffic(...FEW, 200),
      at: "200m",
      fires: [],
    },
  ];
});

/** So many events in the thirtieth minute, and none before and after: series that are there and stand still. */
function once(traffic: Traffic, good: number, bad: number): Record<string, string> {
  const entries = Object.entries(traffic(good, bad, 1)).map(([series, values]) => {
    const [, each = "0"] = /\+(\d+)x/.exec(values) ?? [];
    return [series, `0x29 ${each}x60`];
  });
  return Object.fromEntries(entries);
}

const CHAT = 'kube_deployment_status_replicas_available{namespace="chat", deployment="chat"}';

const ofReadiness: AlertCase[] = [
  {
    alert: "ChatReadyFastBurn",
    when: "no pod for half an hour",
    series: { [CHAT]: "1x59 0x31" },
    at: "90m",
    fires: [{ labels: { objective: "chat-ready" }, value: "51.67%" }],
  },
  { alert: "ChatReadyFastBurn", when: "always a pod", series: { [CHAT]: "2x90" }, at: "90m", fires: [] },
  {
    alert: "ChatReadyFastBurn",
    when: "a short restart",
    series: { [CHAT]: "1x59 0x1 1x40" },
    at: "100m",
    fires: [],
  },
  {
    alert: "ChatReadySlowBurn",
    when: "half of the time no pod",
    series: { [CHAT]: "1 0 ".repeat(200).trim() },
    at: "399m",
    fires: [{ labels: { objective: "chat-ready" }, value: "50%" }],
  },
  { alert: "ChatReadySlowBurn", when: "always a pod", series: { [CHAT]: "1x400" }, at: "399m", fires: [] },
];

export const objectiveCases = [...ofTraffic, ...ofReadiness];

const BUDGETS: Record<string, number> = { "mcp-latency": 0.05, "model-latency": 0.05, "chat-latency": 0.05 };

const recordsOf = ({ objective, labels, traffic }: Subject): RecordCase[] => {
  const ratios = RATIO_WINDOWS.map((window) => `objective:error_ratio:rate${window}`);
  const budget = BUDGETS[objective] ?? 0.005;
  const at = "90m";
  const common = { objective, at };
  return [
    ...ratios.flatMap((record): RecordCase[] => [
      {
        ...common,
        record,
        when: "four of ten are bad",
        series: traffic(...MANY, 90),
        samples: [{ labels, value: 0.4 }],
      },
      {
        ...common,
        record,
        when: "all are good",
        series: onlyGood(traffic(10, 0, 90)),
        samples: [{ labels, value: 0 }],
      },
      { ...common, record, when: "nothing happens", series: traffic(0, 0, 90), samples: [] },
    ]),
    {
      ...common,
      record: "objective:error_budget:remaining",
      when: "four of ten are bad",
      series: traffic(...MANY, 90),
      samples: [{ labels, value: 1 - 0.4 / budget }],
    },
    {
      ...common,
      record: "objective:error_budget:remaining",
      when: "all are good",
      series: onlyGood(traffic(10, 0, 90)),
      samples: [{ labels, value: 1 }],
    },
  ];
};

/** Without series of failures: before the first one they don't exist. */
function onlyGood(series: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(series).filter(([, values]) => !values.startsWith("0+0x")));
}

const ready = (record: string, when: string, values: string, value: number): RecordCase => ({
  record,
  objective: "chat-ready",
  when,
  series: { [CHAT]: values },
  at: "90m",
  samples: [{ labels: {}, value }],
});

const budget = (when: string, values: string, value: number): RecordCase => ({
  ...ready("objective:error_budget:remaining", when, values, value),
  series: { 'objective:ready{objective="chat-ready"}': values },
});

export const recordCases: RecordCase[] = [
  ...SUBJECTS.flatMap(recordsOf),
  ready("objective:ready", "two pods", "2x90", 1),
  ready("objective:ready", "no pod", "0x90", 0),
  ...RATIO_WINDOWS.flatMap((window) => [
    ready(`objective:error_ratio:rate${window}`, "always a pod", "1x90", 0),
    ready(`objective:error_ratio:rate${window}`, "never a pod", "0x90", 1),
  ]),
  // The budget's group takes what the other one has recorded.
  budget("always a pod", "1x90", 1),
  budget("never a pod", "0x90", 1 - 1 / 0.005),
];
