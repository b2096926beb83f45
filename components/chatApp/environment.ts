import type { ChatFacts } from "./facts.ts";
import { entraVariables } from "./signIn.ts";
import type { ChatVariable } from "./variables.ts";

/** Where the app keeps chats and files. Source: the image's DATA_DIR, which is not set in it. */
export const DATA_FOLDER = "/app/backend/data";

/** A folder that can be written, on a volume of the pod's own. */
export const SCRATCH_FOLDER = "/tmp";

/** The port that the image listens on. Source: EXPOSE in the Dockerfile of Open WebUI. */
export const CHAT_PORT = 8080;

/** File names that the slim image can read by itself. Source: CHANGELOG.md of 0.11, "Slim document readers". */
const READABLE = [
  "txt",
  "md",
  "csv",
  "html",
  "xml",
  "json",
  "yaml",
  "log",
  "png",
  "jpg",
  "jpeg",
  "webp",
  "gif",
];

/**
 * Every variable of the app that is no secret. variables.ts says of each where Open WebUI reads it; what
 * depends on other programs, and secrets, is in connections.ts.
 */
export function chatEnvironment(chat: ChatFacts): Record<string, string> {
  const { publicUrl, serviceUrl, uploads } = chat;
  const url = publicUrl ?? serviceUrl;
  const secure = url.startsWith("https:");
  return {
    ENV: "prod",
    PORT: String(CHAT_PORT),
    HOME: SCRATCH_FOLDER,
    DATA_DIR: DATA_FOLDER,
    // It copies pictures there at each start.
    STATIC_DIR: `${SCRATCH_FOLDER}/static`,
    // Also of an image that isn't slim: no models of its own, so nothing to download and 1 GiB less memory.
    USE_SLIM_DOCKER: "true",
    LOG_FORMAT: "json",
    GLOBAL_LOG_LEVEL: "INFO",

    // The program decides, not what somebody has clicked: changes in the admin panel last until the next start.
    ENABLE_PERSISTENT_CONFIG: "false",
    ENABLE_OAUTH_PERSISTENT_CONFIG: "false",
    // No look for a newer version, and nothing from Hugging Face.
    OFFLINE_MODE: "true",
    ENABLE_VERSION_UPDATE_CHECK: "false",

    WEBUI_URL: url,
    // Browsers at other addresses get no answer. Without a public one it is `kubectl port-forward`.
    CORS_ALLOW_ORIGIN: publicUrl === undefined ? `${serviceUrl};http://localhost:${CHAT_PORT}` : publicUrl,
    WEBUI_AUTH: "true",
    WEBUI_SESSION_COOKIE_SECURE: String(secure),
    WEBUI_AUTH_COOKIE_SECURE: String(secure),
    // Only with Redis does signing out end a token; without, it is good until then. Source: utils/auth.py, 0.12.4.
    JWT_EXPIRES_IN: chat.redis ? "7d" : "1d",
    ENABLE_SIGNUP: "false",
    DEFAULT_USER_ROLE: "pending",
    WEBUI_ADMIN_EMAIL: chat.signIn.administratorEmail,
    WEBUI_ADMIN_NAME: "Administrator",
    ENABLE_API_KEYS: "false",
    // An administrator runs the app, and is shown nobody's chats. Files can be read by id all the same.
    ENABLE_ADMIN_CHAT_ACCESS: "false",
    ENABLE_ADMIN_EXPORT: "false",
    SHOW_ADMIN_DETAILS: "false",
    // One line on stdout for each request that changes something, with the user; without what was said.
    AUDIT_LOG_LEVEL: "METADATA",
    // Its default leaves out questions, which alone tell for whom a guard was called.
    AUDIT_EXCLUDED_PATHS: "",
    ENABLE_AUDIT_STDOUT: "true",
    ENABLE_AUDIT_LOGS_FILE: "false",
    ...(publicUrl === undefined ? {} : entraVariables(chat.signIn, publicUrl)),

    ENABLE_OPENAI_API: "true",
    ENABLE_OLLAMA_API: "false",
    // Models that come by environment have no row with permissions; without this only administrators see them.
    BYPASS_MODEL_ACCESS_CONTROL: "true",
    DEFAULT_MODEL_METADATA: JSON.stringify(modelMetadata(chat)),
    DEFAULT_MODEL_PARAMS: JSON.stringify({ function_calling: "native" }),
    // Pages send it before each question. "system" of DEFAULT_MODEL_PARAMS never reaches a model (tried).
    DEFAULT_INTERFACE_SETTINGS: JSON.stringify({ system: chat.systemPrompt }),
    DEFAULT_PROMPT_SUGGESTIONS: JSON.stringify(
      chat.suggestions.map((content) => ({ title: [content, ""], content })),
    ),
    AIOHTTP_CLIENT_TIMEOUT: String(chat.modelTimeoutSeconds),
    AIOHTTP_CLIENT_TIMEOUT_TOOL_SERVER: String(chat.toolTimeoutSeconds),
    CHAT_RESPONSE_MAX_TOOL_CALL_ITERATIONS: String(chat.toolRounds),
    // A title is one short call to the model for each chat. The others would be one for each answer.
    ENABLE_TITLE_GENERATION: "true",
    ENABLE_TAGS_GENERATION: "false",
    ENABLE_FOLLOW_UP_GENERATION: "false",
    ENABLE_AUTOCOMPLETE_GENERATION: "false",
    ENABLE_SEARCH_QUERY_GENERATION: "false",
    ENABLE_RETRIEVAL_QUERY_GENERATION: "false",

    // Tools are MCP servers and RAG engines. Nobody's Python runs in the app's process.
    ENABLE_TOOL_SERVERS: "true",
    ENABLE_TOOLS: "false",
    ENABLE_FUNCTIONS: "false",
    ENABLE_PIP_INSTALL_FRONTMATTER_REQUIREMENTS: "false",
    ENABLE_DIRECT_CONNECTIONS: "false",
    ENABLE_DIRECT_INTEGRATIONS: "false",
    // All of these would need programs or addresses that aren't there.
    ENABLE_WEB_SEARCH: "false",
    ENABLE_IMAGE_GENERATION: "false",
    ENABLE_CODE_EXECUTION: "false",
    ENABLE_CODE_INTERPRETER: "false",
    ENABLE_COMMUNITY_SHARING: "false",
    ENABLE_AUTOMATIONS: "false",
    ENABLE_CALENDAR: "false",
    USER_PERMISSIONS_CHAT_STT: "false",
    USER_PERMISSIONS_CHAT_CALL: "false",
    // The app would fetch the page: whoever asks would see the network with its eyes. The permission takes away
    // the button alone; the list allows one host, which can't be. Source: routers/retrieval.py, 0.12.4.
    USER_PERMISSIONS_CHAT_WEB_UPLOAD: "false",
    WEB_FETCH_FILTER_LIST: "nothing.invalid",

    // The button alone, too: without uploads pod.ts lets nobody write files.
    USER_PERMISSIONS_CHAT_FILE_UPLOAD: String(uploads),
    // A file is given to the model whole: to search in it would need a model for embedding.
    BYPASS_EMBEDDING_AND_RETRIEVAL: "true",
    RAG_FULL_CONTEXT: "true",
    RAG_FILE_MAX_SIZE: "5",
    RAG_FILE_MAX_COUNT: "5",
    RAG_ALLOWED_FILE_EXTENSIONS: READABLE.join(","),

    ...(chat.redis ? { ENABLE_WEBSOCKET_SUPPORT: "true", WEBSOCKET_MANAGER: "redis" } : {}),
  } satisfies Partial<Record<ChatVariable, string>>;
}

/** What every model has: the tools, and none of the app's own, which small models mistake for those. */
function modelMetadata({ attachedTools, uploads }: ChatFacts) {
  return {
    toolIds: attachedTools,
    capabilities: {
      builtin_tools: false,
      web_search: false,
      image_generation: false,
      code_interpreter: false,
      file_upload: uploads,
      citations: true,
    },
  };
}
