import { z } from "zod";
import { PINNED_IMAGE, URL_PATH, VARIABLE_NAME } from "../../../components/forms.ts";
import { envProblem } from "../../../components/mcpServerDeployment/env.ts";
import { sourceConflicts } from "../../../components/mcpServerDeployment/source.ts";
import { clients, egress } from "./clients.ts";
import { port, resources, text } from "./fields.ts";

/** One MCP server. */
export const mcpServer = z
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
    command: z.string().min(1).optional().meta({
      description: "The program to start",
      example: "node",
      otherwise: "the image's entry point (http only)",
    }),
    args: z
      .array(z.string())
      .default([])
      .meta({ description: "Its arguments", example: ["server.js"] }),
    port: port.default(3000).meta({
      description: "The port that the server listens on; an http server is told it as PORT",
      example: 3000,
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
    replicas: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ description: "Pods; more than 1 only for servers without sessions", example: 1, unit: "pods" }),
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
      otherwise: "the pods of its namespace",
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
  })
  .superRefine((server, context) => {
    for (const [name, value] of Object.entries(server.env)) {
      const problem = envProblem(name, value);
      if (problem === undefined) continue;
      const message = `nothing that ${problem}`;
      context.addIssue({ code: "custom", path: ["env", name], message, params: { secret: true } });
    }
    for (const { key, rule } of sourceConflicts(server)) {
      context.addIssue({ code: "custom", path: [key], message: rule });
    }
  });
