import type { ChatPartners } from "./facts.ts";
import { ragSpecification } from "./ragEngines.ts";
import type { ChatVariable } from "./variables.ts";

/** How Open WebUI calls an MCP server among tools. Source: utils/middleware.py, 0.12.4. */
export const mcpToolId = (name: string): string => `server:mcp:${name}`;

/** How it calls an OpenAPI server. Source: get_tools in utils/tools.py, 0.12.4. */
export const ragToolId = (name: string): string => `server:${name}`;

/** Everybody who is signed in; an empty list would mean administrators. Source: has_connection_access, 0.12.4. */
const EVERYBODY = [{ principal_type: "user", principal_id: "*", permission: "read" }];

/** Every variable of the app that is a secret, or is told by other programs; see environment.ts. */
export function chatConnections(partners: ChatPartners): Record<string, string> {
  const { databaseUrl, redisUrl, entraClientSecret } = partners;
  const [firstModel] = offered(partners.models).flatMap(({ ids }) => ids);
  return {
    WEBUI_SECRET_KEY: partners.secretKey,
    WEBUI_ADMIN_PASSWORD: partners.administratorPassword,
    ...modelVariables(partners.models),
    ...(firstModel === undefined ? {} : { DEFAULT_MODELS: firstModel }),
    TOOL_SERVER_CONNECTIONS: JSON.stringify(toolConnections(partners)),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl, WEBSOCKET_REDIS_URL: redisUrl }),
    ...(entraClientSecret === undefined ? {} : { MICROSOFT_CLIENT_SECRET: entraClientSecret }),
  } satisfies Partial<Record<ChatVariable, string>>;
}

function modelVariables(models: ChatPartners["models"]) {
  const configs = offered(models).map(({ model, prefix }, i) => [
    String(i),
    {
      enable: true,
      // A fixed list also shows a model that is away for a moment, and what is asked says so.
      model_ids: model.modelNames,
      connection_type: "internal",
      auth_type: model.apiKey === "" ? "none" : "bearer",
      ...(prefix && { prefix_id: model.name }),
    },
  ]);
  return {
    OPENAI_API_BASE_URLS: models.map(({ url }) => url.replace(/\/+$/, "")).join(";"),
    OPENAI_API_KEYS: models.map(({ apiKey }) => apiKey).join(";"),
    OPENAI_API_CONFIGS: JSON.stringify(Object.fromEntries(configs)),
  };
}

/**
 * Of two models with one id Open WebUI shows one: those get the endpoint's name before theirs, and so do those
 * of which nobody knows the ids before the endpoint is asked. Source: get_merged_models in routers/openai.py, 0.12.4.
 */
function offered(models: ChatPartners["models"]) {
  return models.map((model) => {
    const others = models.filter((other) => other !== model).flatMap(({ modelNames }) => modelNames);
    const prefix = model.modelNames.length === 0 || model.modelNames.some((id) => others.includes(id));
    return { model, prefix, ids: model.modelNames.map((id) => (prefix ? `${model.name}.${id}` : id)) };
  });
}

function toolConnections({ tools, ragEngines }: ChatPartners) {
  return [
    ...tools.map((tool) => ({
      type: "mcp",
      url: tool.url,
      path: "",
      auth_type: tool.token === "" ? "none" : "bearer",
      key: tool.token,
      config: {
        enable: true,
        function_name_filter_list: tool.functions.join(","),
        access_grants: EVERYBODY,
      },
      info: { id: tool.name, name: tool.title, description: tool.description },
    })),
    ...ragEngines.map((engine) => ({
      type: "openapi",
      url: engine.url,
      path: "",
      spec_type: "json",
      spec: ragSpecification(engine),
      auth_type: "none",
      key: "",
      config: { enable: true, function_name_filter_list: "", access_grants: EVERYBODY },
      info: { id: engine.name, name: engine.name, description: engine.description },
    })),
  ];
}
