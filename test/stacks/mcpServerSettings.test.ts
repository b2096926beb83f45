import { expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const LEAST = { location: "eastus" };
const echo = { transport: "http", image: "mcp/echo:0.1.0" };
const stdio = { transport: "stdio", image: "a:1", command: "x" };
const scaling = { ...echo, runtime: "deployment", sessions: "stateless" };
const byCalls = { maxReplicas: 2, requestsPerSecond: 5 };
const LONG = "a".repeat(58);

function problemsOf(input: object): string[] {
  try {
    parseSettings({ ...LEAST, ...input }, "dev");
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

it.each<[string, object, string, RegExp]>([
  [
    "one port for guard and server",
    { mcpServers: { a: { ...echo, serverPort: 3000 } } },
    "mcpServers.a.serverPort",
    /another than 3000, which the guard has/,
  ],
  [
    "several pods with sessions",
    { mcpServers: { a: { ...echo, replicas: 2 } } },
    "mcpServers.a.replicas",
    /one pod while sessions are "in-memory"/,
  ],
  [
    "an autoscaler under KMCP",
    { mcpServers: { a: { ...echo, autoscaling: { maxReplicas: 2 }, sessions: "stateless" } } },
    "mcpServers.a.autoscaling",
    /left out with the runtime "kmcp", which resets the number of replicas/,
  ],
  [
    "more at least than at most",
    {
      mcpServers: {
        a: {
          ...echo,
          runtime: "deployment",
          sessions: "stateless",
          autoscaling: { minReplicas: 3, maxReplicas: 2 },
        },
      },
    },
    "mcpServers.a.autoscaling.maxReplicas",
    /at least minReplicas, which is 3/,
  ],
  [
    "no pod at all",
    { mcpServers: { a: { ...scaling, autoscaling: { minReplicas: 0, maxReplicas: 2 } } } },
    "mcpServers.a.autoscaling.minReplicas",
    /found {4}0\n {2}allowed {2}a whole number from 1 to 100; not 0, because the guard is in the pod, so with none/,
  ],
  [
    "calls that nobody counts",
    {
      monitoring: { enabled: true },
      mcpServers: { a: { ...scaling, guard: { mode: "none" }, autoscaling: byCalls } },
    },
    "mcpServers.a.autoscaling.requestsPerSecond",
    /left out without a guard: it is the guard that counts calls/,
  ],
  [
    "calls that nobody keeps the metrics of",
    { monitoring: { metrics: { enabled: false } }, mcpServers: { a: { ...scaling, autoscaling: byCalls } } },
    "mcpServers.a.autoscaling.requestsPerSecond",
    /nothing without monitoring.metrics, which KEDA asks; or another scaler/,
  ],
  [
    "calls without the add-on that knows them",
    {
      monitoring: { enabled: true },
      cluster: { keda: { enabled: false } },
      mcpServers: { a: { ...scaling, autoscaling: byCalls } },
    },
    "cluster.keda.enabled",
    /true or nothing, because of mcpServers.a.autoscaling.requestsPerSecond/,
  ],
  [
    "a scaler of CPU, which needs none",
    { mcpServers: { a: { ...scaling, autoscaling: { maxReplicas: 2, scaler: "keda" } } } },
    "mcpServers.a.autoscaling.scaler",
    /nothing without requestsPerSecond/,
  ],
  [
    "more than all pods to go",
    {
      mcpServers: {
        a: { ...scaling, autoscaling: { maxReplicas: 2, scaleDown: { percent: 101 } } },
      },
    },
    "mcpServers.a.autoscaling.scaleDown.percent",
    /allowed {2}a whole number from 1 to 100/,
  ],
  [
    "sessions that are streams and portable",
    { mcpServers: { a: { ...scaling, sessions: "portable", guard: { sse: true } } } },
    "mcpServers.a.sessions",
    /another where the guard has sse/,
  ],
  [
    "a ConfigMap of which KMCP can make no volume",
    { mcpServers: { a: { ...echo, configMapRefs: ["ok", "a.b"] } } },
    "mcpServers.a.configMapRefs[1]",
    /found {4}"a.b"\n {2}allowed {2}1 to 60 of a-z/,
  ],
  [
    "no name of a Secret",
    { mcpServers: { a: { ...echo, secretRefs: ["A"] } } },
    "mcpServers.a.secretRefs[0]",
    /allowed {2}an object's name/,
  ],
  [
    "a name that leaves no room for the guard's Service",
    { mcpServers: { [LONG]: stdio } },
    `mcpServers.${LONG}`,
    /allowed {2}a name of at most 57 letters, because a+-guard is a Service's name too/,
  ],
  [
    "a server where another's guard has its Service",
    { mcpServers: { a: stdio, "a-guard": echo } },
    "mcpServers.a-guard",
    /another name, because the guard of the stdio server a has a Service of this one/,
  ],
])("the settings of a server explain %s", (_, input, key, text) => {
  const problems = problemsOf(input);
  expect(problems.map((problem) => problem.split("\n")[0])).toEqual([`mcpaas:${key}`]);
  expect(problems[0]).toMatch(text);
});
