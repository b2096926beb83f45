import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE, URL_PATH, VARIABLE_NAME } from "../../../components/forms.ts";
import { addressConflicts } from "../../../components/mcpServerDeployment/address.ts";
import { envProblem } from "../../../components/mcpServerDeployment/env.ts";
import { configMapForm, OBJECT_NAME } from "../../../components/mcpServerDeployment/references.ts";
import { SESSION_MODES, scaleConflicts } from "../../../components/mcpServerDeployment/scale.ts";
import { sourceConflicts } from "../../../components/mcpServerDeployment/source.ts";
import { clients, egress } from "./clients.ts";
import { failing, port, resources, text } from "./fields.ts";
import { mcpAutoscaling } from "./mcpAutoscaling.ts";
import { serverGuard } from "./serverGuard.ts";

/** One MCP server. */
const mcpServer = z
  .strictObject({
    transport: z.enum(["http", "stdio"]).meta({
      description: "http: the server speaks streamable HTTP; stdio: KMCP's gateway starts it per session",
      example: "http",
    }),
    image: text(PINNED_IMAGE).optional().meta({
      description: "Image with tag or digest; one without a registry host is in the stack's registry",
      example: "mcp/echo:0.1.0",
      otherwise: "KMCP's, for the commands npx and uvx",
    }),
    build: text(DNS_LABEL).optional().meta({
      description: "Instead of image: a folder below servers whose Dockerfile it is built from",
      example: "echo",
      otherwise: "image",
    }),
    command: z.string().min(1).optional().meta({
      description: "The program to start",
      example: "node",
      otherwise: "the image's entry point (http only)",
    }),
    args: z
      .array(z.string())
      .default([])
      .meta({ description: "Its arguments", example: ["server.js"] }),
    guard: serverGuard,
    port: port.default(3000).meta({
      description: "The port that clients call: the guard's, or without one the server's",
      example: 3000,
    }),
    serverPort: port.optional().meta({
      description: "The port of an http server behind its guard; the server is told it as PORT",
      example: 8080,
      otherwise: "8080",
    }),
    path: text(URL_PATH).default("/mcp").meta({
      description: "Path of the endpoint; always /mcp for stdio",
      example: "/mcp",
    }),
    env: z
      .record(text(VARIABLE_NAME), z.string())
      .default({})
      .meta({
        description: "Environment variables; secrets belong into secretRefs",
        example: { LOG_LEVEL: "info" },
        allowed: "names and texts (numbers in quotes)",
      }),
    secretRefs: z
      .array(z.string())
      .default([])
      .meta({ description: "Secrets whose keys become environment variables", example: ["search-keys"] }),
    configMapRefs: z
      .array(z.string())
      .default([])
      .meta({ description: "ConfigMaps to mount at /configmaps/<name>", example: ["search-config"] }),
    runtime: z.enum(["kmcp", "deployment"]).default("kmcp").meta({
      description:
        "deployment: a Deployment of its own, for http servers that must scale out; KMCP undoes that",
      example: "kmcp",
    }),
    replicas: z.int().min(1).max(100).optional().meta({
      description: "Pods; more than 1 needs sessions",
      example: 2,
      unit: "pods",
      otherwise: "1",
    }),
    autoscaling: mcpAutoscaling,
    sessions: z
      .enum(SESSION_MODES)
      .default("in-memory")
      .meta({
        description:
          "Why more than one pod works: stateless: the server has no sessions; portable: its sessions hold only what " +
          "clients say in initialize, and any pod takes them up; client-ip (runtime deployment): a client address " +
          "stays with its pod",
        example: "stateless",
      }),
    resources,
    runAsUser: z
      .int()
      .min(1)
      .max(65535)
      .default(10001)
      .meta({ description: "User id of the process; root is not allowed", example: 10001 }),
    readOnlyRootFilesystem: z
      .boolean()
      .default(true)
      .meta({ description: "The image's files can't be changed; /tmp can", example: true }),
    clients: clients.meta({
      description: "Pods that may call the server; [] is nobody",
      example: [{ namespace: "chat" }],
      otherwise:
        "the chat app and the ingress if they call it; if it isn't public and chat.enabled is false, the pods of its namespace",
    }),
    egress: egress.default([]).meta({
      description: "What the server may call besides DNS; needed without an image, to fetch the package",
      example: [{ cidr: "0.0.0.0/0", ports: [443] }],
    }),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(30)
      .meta({ description: "How long clients wait for an answer", example: 30, unit: "seconds" }),
    readyTimeoutMinutes: z.int().min(1).max(60).default(10).meta({
      description: "How long an update waits until the pods that run it are ready; then it has failed",
      example: 5,
      unit: "minutes",
    }),
  })
  .superRefine((server, context) => {
    for (const [name, value] of Object.entries(server.env)) {
      const problem = envProblem(name, value);
      if (problem === undefined) continue;
      const message = `nothing that ${problem}`;
      context.addIssue({ code: "custom", path: ["env", name], message, params: { secret: true } });
    }
    const named = { secretRefs: OBJECT_NAME, configMapRefs: configMapForm(server.runtime) };
    for (const key of ["secretRefs", "configMapRefs"] as const) {
      for (const [i, name] of server[key].entries()) {
        if (named[key].pattern.test(name)) continue;
        context.addIssue({ code: "custom", path: [key, i], message: named[key].words });
      }
    }
    if (server.build !== undefined && server.image !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["build"],
        message: "nothing, because image says which image",
      });
    }
    const guarded = server.guard.mode !== "none";
    const source = { ...server, image: server.image ?? server.build };
    const conflicts = [
      sourceConflicts(source),
      scaleConflicts(source, guarded ? server.guard : undefined),
      addressConflicts(source, guarded),
    ];
    // What the schema has said already.
    const seen = new Set<string>(["autoscaling.minReplicas"]);
    for (const { key, rule } of conflicts.flat()) {
      if (seen.has(key)) continue;
      seen.add(key);
      context.addIssue({ code: "custom", path: key.split("."), message: rule });
    }
  });

/** All of them, by name. */
export const mcpServers = z.record(text(DNS_LABEL), mcpServer).superRefine(
  failing((servers) =>
    Object.entries(servers)
      .filter(([, { transport, guard }]) => transport === "stdio" && guard.mode !== "none")
      .flatMap(([name]) => {
        const service = `${name}-guard`;
        if (!DNS_LABEL.pattern.test(service)) {
          return [
            {
              path: [name],
              message: `a name of at most 57 letters, because ${service} is a Service's name too`,
            },
          ];
        }
        const message = `another name, because the guard of the stdio server ${name} has a Service of this one`;
        return service in servers ? [{ path: [service], message }] : [];
      }),
  ),
);
