import { expect, it } from "vitest";
import {
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "../../../components/mcpServerDeployment.ts";
import { runWithMocks } from "../../support/mocks.ts";

const GUARD = { image: "r.io/guard:1", authentication: { none: "anyone-may-call" } };

const run = (args: Partial<McpServerDeploymentArgs> & object) =>
  runWithMocks(
    () =>
      new McpServerDeployment("echo", {
        namespace: "mcp",
        guard: "none",
        transport: "http",
        image: "example.azurecr.io/mcp/echo:0.1.0",
        ...args,
      }),
    {},
  );

it.each<[string, object, RegExp]>([
  [
    "no tag",
    { image: "r.io:5000/a" },
    /^image: "r.io:5000\/a" is not allowed; it must be an image with a tag/,
  ],
  ["tag latest", { image: "r.io/a:latest" }, /^image: "r.io\/a:latest" is not allowed; .* other than latest/],
  ["no image", { image: undefined }, /^image: must be an image, or the command npx or uvx/],
  ["no image for this command", { image: undefined, command: "node" }, /^image: must be an image/],
  ["stdio without a command", { transport: "stdio" }, /^command: must be a command, for a stdio server/],
  ["stdio with another path", { transport: "stdio", command: "x", path: "/x" }, /^path: must be \/mcp/],
  ["port out of range", { port: 70000 }, /^port: 70000 is not allowed/],
  ["a size in words", { tmpSizeLimit: "large" }, /^tmpSizeLimit: "large" is not allowed/],
  ["root", { runAsUser: 0 }, /^runAsUser: 0 is not allowed/],
  ["no word about a guard", { guard: undefined }, /^guard: is missing; .* in so many words "none"/],
  ["two pods with sessions", { replicas: 2 }, /^replicas: must be one pod while sessions are/],
  [
    "the guard's Service without room for its name",
    { guard: GUARD, transport: "stdio", command: "x", name: "a".repeat(60) },
    /^name: "a+" is too long; a+-guard is a Service's name too/,
  ],
  [
    "a guard on the server's port",
    { guard: GUARD, serverPort: 3000 },
    /^serverPort: must be another than 3000/,
  ],
  ["no replicas", { replicas: 0 }, /^replicas: 0 is not allowed/],
  ["a bad name", { name: "Echo" }, /^name: "Echo" is not allowed/],
  ["a secret in env", { env: { API_KEY: "x" } }, /^env.API_KEY: looks like a secret/],
  [
    "no memory limit",
    { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: {} } },
    /^resources.limits.memory: is missing/,
  ],
  [
    "a ConfigMap of which KMCP can make no volume",
    { configMapRefs: ["a.b"] },
    /^configMapRefs\[0\]: "a.b" is not/,
  ],
  ["a longer one", { configMapRefs: ["ok", "a".repeat(61)] }, /^configMapRefs\[1\]: .* must be 1 to 60/],
  ["no name of a Secret", { secretRefs: ["My_Keys"] }, /^secretRefs\[0\]: "My_Keys" is not allowed/],
  ["a probe", { readinessProbe: {} }, /^readinessProbe: KMCP sets no probes/],
  [
    "an autoscaler",
    { autoscaling: { maxReplicas: 2 } },
    /^autoscaling: must be left out with the runtime "kmcp"/,
  ],
  ["an autoscaler of KEDA's", { keda: {} }, /^keda: KMCP resets the number of replicas .*autoscaling.keda/],
  ["a ScaledObject", { scaledObject: {} }, /^scaledObject: KMCP resets/],
  ["affinity of sessions", { sessionAffinity: "ClientIP" }, /^sessionAffinity: KMCP's Service has no/],
  ["a misspelling", { replica: 1 }, /^replica: is no argument of McpServerDeployment/],
])("refuses %s", async (_, args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});
