import { describe, expect, it } from "vitest";
import { chatConnections } from "../../../components/chatApp/connections.ts";
import type { ChatPartners } from "../../../components/chatApp/facts.ts";
import { PARTNERS } from "./fixtures.ts";

const made = (partners: Partial<ChatPartners>) => chatConnections({ ...PARTNERS, ...partners });
const parsed = (partners: Partial<ChatPartners>, name: string) => JSON.parse(made(partners)[name] ?? "");
const model = (name: string, url: string, modelNames: string[], apiKey = "") => ({
  name,
  url,
  modelNames,
  apiKey,
});

describe("models", () => {
  it("of an endpoint that is asked have its name before theirs: another may have the same", () => {
    const models = [
      model("phi", "http://phi/v1", ["phi-4-mini"]),
      model("cloud", "https://a.example/v1", []),
    ];
    const configs = parsed({ models }, "OPENAI_API_CONFIGS");
    expect([configs[0].prefix_id, configs[1].prefix_id]).toEqual([undefined, "cloud"]);
  });

  const several = [
    model("phi", "http://phi/v1", ["phi-4-mini"]),
    model("cloud", "https://api.example.com/v1/", [], "key"),
  ];

  it("are listed with their keys, in the same order", () => {
    expect(made({ models: several })).toMatchObject({
      OPENAI_API_BASE_URLS: "http://phi/v1;https://api.example.com/v1",
      OPENAI_API_KEYS: ";key",
      DEFAULT_MODELS: "phi-4-mini",
    });
  });

  it("are shown whether or not they answer, unless the endpoint alone knows them; only keys are sent", () => {
    expect(parsed({ models: several }, "OPENAI_API_CONFIGS")).toEqual({
      "0": { enable: true, model_ids: ["phi-4-mini"], connection_type: "internal", auth_type: "none" },
      "1": {
        enable: true,
        model_ids: [],
        prefix_id: "cloud",
        connection_type: "internal",
        auth_type: "bearer",
      },
    });
  });

  it("of one id each get their endpoint's name before it", () => {
    const models = [
      model("a", "http://a", ["phi"]),
      model("b", "http://b", ["phi"]),
      model("c", "http://c", ["x"]),
    ];
    const configs = parsed({ models }, "OPENAI_API_CONFIGS");
    expect([configs[0].prefix_id, configs[1].prefix_id, configs[2].prefix_id]).toEqual(["a", "b", undefined]);
    expect(made({ models })["DEFAULT_MODELS"]).toBe("a.phi");
  });

  it("are none by default where nobody knows an id", () => {
    expect(made({ models: several.slice(1) })).not.toHaveProperty("DEFAULT_MODELS");
  });
});

describe("tools", () => {
  const tool = {
    name: "search",
    title: "Web",
    description: "d",
    url: "http://s/mcp",
    token: "t",
    functions: ["a", "b"],
  };

  it("are MCP servers for everybody who is signed in, with the caller's token", () => {
    expect(parsed({ tools: [tool] }, "TOOL_SERVER_CONNECTIONS")).toEqual([
      {
        type: "mcp",
        url: "http://s/mcp",
        path: "",
        auth_type: "bearer",
        key: "t",
        config: {
          enable: true,
          function_name_filter_list: "a,b",
          access_grants: [{ principal_type: "user", principal_id: "*", permission: "read" }],
        },
        info: { id: "search", name: "Web", description: "d" },
      },
    ]);
  });

  it("without a token are asked without one", () => {
    const [connection] = parsed({ tools: [{ ...tool, token: "" }] }, "TOOL_SERVER_CONNECTIONS");
    expect(connection).toMatchObject({ auth_type: "none", key: "" });
  });

  it("are RAG engines of whose API only searching is told", () => {
    const engine = {
      name: "our-docs",
      url: "http://docs",
      indexes: ["handbook"],
      description: "The handbook.",
    };
    const [connection] = parsed({ ragEngines: [engine] }, "TOOL_SERVER_CONNECTIONS");
    expect(connection).toMatchObject({
      type: "openapi",
      spec_type: "json",
      url: "http://docs",
      auth_type: "none",
    });
    const { paths } = JSON.parse(connection.spec);
    expect(Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods as object)])).toEqual([
      ["/retrieve", ["post"]],
    ]);
    const { operationId, requestBody } = paths["/retrieve"].post;
    expect(operationId).toBe("search_our_docs");
    expect(requestBody.content["application/json"].schema.properties.index_name.enum).toEqual(["handbook"]);
  });
});

it("names the database, Redis and Entra's secret where there are some", () => {
  const optional = ["DATABASE_URL", "REDIS_URL", "WEBSOCKET_REDIS_URL", "MICROSOFT_CLIENT_SECRET"];
  const none = made({});
  for (const name of optional) expect(none).not.toHaveProperty(name);
  expect(made({ databaseUrl: "d", redisUrl: "r", entraClientSecret: "e" })).toMatchObject({
    DATABASE_URL: "d",
    REDIS_URL: "r",
    WEBSOCKET_REDIS_URL: "r",
    MICROSOFT_CLIENT_SECRET: "e",
  });
});
