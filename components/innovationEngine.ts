import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import {
  callSeconds,
  INNOVATION_ENGINE_RESOURCES,
  innovationEngineEnv,
  innovationEngineGuard,
  STDIO_PROGRAM,
} from "./innovationEngine/pod.ts";
import { innovationEngineConflicts } from "./innovationEngine/settings.ts";
import { requireGuard } from "./mcpGuard/required.ts";
import { KMCP_CONFIG_MAP } from "./mcpServerDeployment/references.ts";
import {
  type KnownServerArgs,
  type McpGuardArgs,
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "./mcpServerDeployment.ts";
import { ensure, InputPropertyError, matches, validatedInput, wholeNumber } from "./validation.ts";

export interface InnovationEngineArgs
  extends KnownServerArgs,
    Pick<McpServerDeploymentArgs, "port" | "egress" | "workloadIdentityClientId" | "resources"> {
  /** The image of servers/innovation-engine, or one made from it with the commands that documents call. */
  image: pulumi.Input<string>;
  /**
   * What stands before the server; there is no "none". Tools that execute need the role "operator", whatever
   * `authorization` says of them.
   */
  guard: Omit<McpGuardArgs, "search" | "sse">;
  /** "stdio": KMCP's gateway starts the server for each session. @default "http" */
  transport?: "http" | "stdio";
  /** Documents may be executed and tested; else the server only reads. @default false */
  allowExecute?: boolean;
  /**
   * Callers may execute documents of their own, and not only the catalogue's.
   * @default true, if `allowExecute`
   */
  allowInline?: boolean;
  /** Variables that callers may set besides those that a document declares. @default - none */
  allowedVariables?: string[];
  /** How long a run may take, in seconds, 1 to 86400. @default 900 */
  runSeconds?: number;
  /** Documents that run at once, 1 to 100. @default 2 */
  maxRuns?: number;
  /**
   * The catalogue: documents, and `.ini` files beside them, by file name; together at most 1 MiB, which is
   * what a ConfigMap holds. Another name is an error. New documents make a new pod.
   * @default - `catalogueConfigMap`, or the image's own
   */
  catalogue?: Record<string, pulumi.Input<string>>;
  /**
   * Name of a ConfigMap of the namespace that has the catalogue, at most 60 letters without dots; the server
   * sees its changes.
   * @default - none
   */
  catalogueConfigMap?: pulumi.Input<string>;
  /**
   * How long clients should wait for an answer, in seconds.
   * @default - as long as a run may take, 3600 at most
   */
  timeoutSeconds?: number;
}

/**
 * The MCP server of the Innovation Engine (https://github.com/Azure/InnovationEngine), which executes, tests
 * and explains executable documents. Read-only unless `allowExecute` is set; then documents run as commands
 * in the pod, which can do what `egress` and `workloadIdentityClientId` let it.
 *
 * Makes an McpServerDeployment, and a ConfigMap if there is a `catalogue`. Only /tmp is writable, where each
 * run has a folder of its own. Costs what its pod requests.
 */
export class InnovationEngine extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://ie.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer, the Deployment and the Service. */
  declare readonly name: pulumi.Output<string>;
  /** The callers' tokens, by their names, as a secret; {} without static tokens. */
  declare readonly tokens: pulumi.Output<Record<string, string>>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: InnovationEngineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:InnovationEngine", name, {}, opts);
    requireGuard(args.guard, "a document's commands can be anything");
    const conflict = innovationEngineConflicts(args)[0];
    if (conflict) throw new InputPropertyError(conflict.path.join("."), `must be ${conflict.rule}`);
    const { guard, allowExecute, allowInline, allowedVariables, runSeconds, maxRuns, ...rest } = args;
    const { catalogue, catalogueConfigMap, ...passed } = rest;
    if (runSeconds !== undefined) ensure("runSeconds", runSeconds, wholeNumber(1, 86_400));
    if (maxRuns !== undefined) ensure("maxRuns", maxRuns, wholeNumber(1, 100));

    const mounted =
      catalogue === undefined
        ? catalogueConfigMap &&
          validatedInput("catalogueConfigMap", catalogueConfigMap, matches(KMCP_CONFIG_MAP))
        : new ConfigMap(
            `${name}-catalogue`,
            // Without a name of its own: other documents make another ConfigMap, whose name makes a new pod.
            { metadata: { namespace: args.namespace }, data: catalogue },
            { parent: this },
          ).metadata.name;
    const server = new McpServerDeployment(
      name,
      {
        ...passed,
        ...(args.transport === "stdio" ? { ...STDIO_PROGRAM, args: [...STDIO_PROGRAM.args] } : {}),
        transport: args.transport ?? "http",
        env: {
          ...innovationEngineEnv(args),
          ...(mounted === undefined ? {} : { CATALOGUE_DIR: pulumi.interpolate`/configmaps/${mounted}` }),
        },
        configMapRefs: mounted === undefined ? [] : [mounted],
        guard: innovationEngineGuard(guard, args),
        resources: args.resources ?? INNOVATION_ENGINE_RESOURCES,
        tmpSizeLimit: "256Mi",
        timeoutSeconds: args.timeoutSeconds ?? Math.min(callSeconds(args), 3600),
      },
      { parent: this },
    );

    this.url = server.url;
    this.name = server.name;
    this.tokens = server.tokens;
    this.podLabels = server.podLabels;
    this.registerOutputs({ url: this.url, name: this.name, tokens: this.tokens });
  }
}
