import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL } from "../forms.ts";
import type { CalledService, ServicePods } from "../kaitoRagEngine/network.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";
import { toolUrl } from "./urls.ts";

/** An MCP server of this program: an McpServerDeployment is one. */
export interface ServedTools {
  /** Its endpoint, such as "http://search.mcp.svc.cluster.local:3000/mcp". */
  url: pulumi.Input<string>;
  /** The callers' tokens, by their names. */
  tokens: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Labels of its pods. @default - all pods of its namespace */
  podLabels?: Record<string, string>;
}

/** An MCP server over streamable HTTP: either `server` or `url`. */
export interface ChatTool {
  /** A DNS label of at most 32; models see each tool as "<name>_<tool>". */
  name: string;
  /** What people see. @default - `name` */
  title?: string;
  /** What it is for, for people. @default "" */
  description?: string;
  /** An MCP server of this program. Its `clients` must let the chat app's pods in. @default - `url` */
  server?: ServedTools;
  /** Whose token of `server` is used. @default "chat", which the guard must know (authentication.tokens) */
  caller?: string;
  /** The endpoint of any other MCP server. @default - `server` */
  url?: pulumi.Input<string>;
  /** Its bearer token, treated as a secret. @default - none is sent */
  token?: pulumi.Input<string>;
  /** The pods behind `url`, when it is that of a Service. @default - all of its namespace, on the URL's port */
  pods?: ServicePods;
  /** The tools that are offered. @default - all that the server lists to this caller */
  functions?: string[];
  /** On in every new chat, until somebody turns it off there. @default true */
  attached?: boolean;
}

/** An MCP server, its arguments checked. */
export interface ToolServer {
  name: string;
  title: string;
  description: string;
  url: pulumi.Input<string>;
  /** "" where none is sent. */
  token: pulumi.Input<string>;
  functions: string[];
  attached: boolean;
  service: CalledService;
}

/** The MCP servers of the arguments, or an error that names what is wrong. */
export function toolServers(tools: ChatTool[]): ToolServer[] {
  return tools.map((tool, i) => {
    const path = `tools[${i}]`;
    const name = toolName(`${path}.name`, tool.name);
    if ((tool.server === undefined) === (tool.url === undefined)) {
      throw new InputPropertyError(
        path,
        `must have ${tool.server === undefined ? "one" : "only one"} of server and url`,
      );
    }
    const { server } = tool;
    const url = validatedInput(`${path}.url`, (server?.url ?? tool.url) as pulumi.Input<string>, toolUrl);
    return {
      name,
      title: tool.title ?? name,
      description: tool.description ?? "",
      url,
      token: server ? tokenOf(server, tool.caller ?? "chat", path) : (tool.token ?? ""),
      functions: tool.functions ?? [],
      attached: tool.attached ?? true,
      service: { url, pods: server ? { podLabels: server.podLabels } : tool.pods },
    };
  });
}

/** A name that leaves room for the tool's own in the 64 characters that a function's name may have. */
export function toolName(path: string, name: string): string {
  return ensure(path, name, (given) =>
    given.length > 32 ? `"${given}" is longer than 32 characters` : matches(DNS_LABEL)(given),
  );
}

function tokenOf({ tokens }: ServedTools, caller: string, path: string): pulumi.Output<string> {
  return pulumi.output(tokens).apply((known) => {
    const token = known[caller];
    // A server without a guard knows no callers, and asks for no token.
    if (token === undefined && Object.keys(known).length > 0) {
      throw new InputPropertyError(
        `${path}.caller`,
        `the server's guard knows no caller "${caller}"; there are ${Object.keys(known).join(", ")}. Add it to ` +
          "guard.authentication.tokens",
      );
    }
    return token ?? "";
  });
}
