import {
  type McpGuardArgs,
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "../../../components/mcpServerDeployment.ts";
import { type Registered, runWithMocks } from "../../support/mocks.ts";

export const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const SERVICE = "kubernetes:core/v1:Service";
export const CONFIG = "kubernetes:core/v1:ConfigMap";
export const SECRET = "kubernetes:core/v1:Secret";
export const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

export const GUARD_CONFIG = "search.guard-1a2b3c4d";

export const IMAGE = "example.azurecr.io/mcp/guard:0.1.0";

/** A guard with a static token for one caller, with changes. */
export const guardOf = (changes: Partial<McpGuardArgs> = {}): McpGuardArgs => ({
  image: IMAGE,
  authentication: { tokens: { chat: {} } },
  ...changes,
});

/** The keys that are generated, one after the other. */
export const keyOf = (i: number): string => i.toString(16).padStart(64, "0");

/** Makes a server behind such a guard. */
export const runGuarded = (
  guard: Partial<McpGuardArgs> = {},
  args: Partial<McpServerDeploymentArgs> = {},
  options: { preview?: boolean } = {},
) => {
  let keys = 0;
  return runWithMocks(
    () =>
      new McpServerDeployment("search", {
        namespace: "mcp",
        guard: guardOf(guard),
        transport: "http",
        image: "example.azurecr.io/mcp/search:1.0.0",
        ...args,
      }),
    {
      outputs: {
        [KEY]: () => ({ value: keyOf(keys++) }),
        [SERVER]: ({ metadata }) => ({ metadata: { ...metadata, uid: "uid-1", generation: 3 } }),
        // The name that Pulumi makes up for what has none.
        [CONFIG]: ({ metadata }) => ({ metadata: { name: GUARD_CONFIG, ...metadata } }),
      },
      knownInPreview: [CONFIG],
    },
    options,
  );
};

/** The guard's settings file, as the component wrote it. */
export const configOf = (find: (type: string) => Registered): string =>
  find(CONFIG).inputs.data["guard.yaml"] as string;
