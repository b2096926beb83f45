import type * as pulumi from "@pulumi/pulumi";
import { type CalledService, POD_PORT } from "../kaitoRagEngine/network.ts";
import { InputPropertyError, validatedInput } from "../validation.ts";
import { toolName } from "./tools.ts";
import { engineUrl } from "./urls.ts";

/**
 * A KaitoRagEngine as a tool: models look texts up in it. Its own chat endpoint is no model for the chat app:
 * it takes no tools, refuses to stream with an index, and names the index in the request, for which Open WebUI
 * has no place. Source: main.py and vector_store/base.py of KAITO's ragengine 0.11.0.
 */
export interface ChatRagEngine {
  /** A DNS label of at most 32; models see the tool as "search_<name>". */
  name: string;
  /** The engine. Its `clients` must let the chat app's pods in. */
  engine: { url: pulumi.Input<string>; podLabels: Record<string, string> };
  /**
   * The indexes that models are told of; they need not be there yet. At least one. A hint and no boundary: a
   * model can be asked to name another, and Open WebUI sends what it names. Whoever may chat can read all that
   * is in the engine, so give what isn't for everybody an engine of its own.
   */
  indexes: string[];
  /** What is in it, for the model. @default "Texts of this organisation." */
  description?: string;
}

/** A RAG engine, its arguments checked. */
export interface RagTool {
  name: string;
  url: pulumi.Input<string>;
  indexes: string[];
  description: string;
  service: CalledService;
}

/** The RAG engines of the arguments, or an error that names what is wrong. */
export function ragTools(engines: ChatRagEngine[]): RagTool[] {
  return engines.map(({ name, engine, indexes, description }, i) => {
    const path = `ragEngines[${i}]`;
    if (indexes.length === 0 || indexes.some((index) => index === "")) {
      throw new InputPropertyError(
        `${path}.indexes`,
        "must name the indexes that models are to search, at least one, and none of them empty",
      );
    }
    const url = validatedInput(`${path}.engine.url`, engine.url, engineUrl);
    return {
      name: toolName(`${path}.name`, name),
      url,
      indexes,
      description: description ?? "Texts of this organisation.",
      service: { url, pods: { podLabels: engine.podLabels, port: POD_PORT } },
    };
  });
}

/**
 * What Open WebUI is told of the engine's API: searching, and nothing of what changes or deletes an index.
 * Source: retrieve and RetrieveRequest in main.py and models.py of KAITO's ragengine 0.11.0.
 */
export function ragSpecification({ name, indexes, description }: Omit<RagTool, "url" | "service">): string {
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: name, version: "1" },
    paths: {
      "/retrieve": {
        post: {
          operationId: `search_${name.replaceAll("-", "_")}`,
          description: `Finds passages that answer a question. ${description}`,
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: {
                    index_name: { type: "string", enum: indexes, description: "Where to search" },
                    query: { type: "string", description: "The question, in full words" },
                    max_node_count: { type: "integer", description: "How many passages, 5 if in doubt" },
                  },
                  required: ["index_name", "query"],
                },
              },
            },
          },
          responses: { "200": { description: "Passages with their scores" } },
        },
      },
    },
  });
}
