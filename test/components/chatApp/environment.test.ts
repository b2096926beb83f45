import { describe, expect, it } from "vitest";
import { chatEnvironment } from "../../../components/chatApp/environment.ts";
import { EVERYTHING, FACTS } from "./fixtures.ts";

const env = (facts: Partial<typeof FACTS> = {}) => chatEnvironment({ ...FACTS, ...facts });

describe("the chat app's environment", () => {
  it("is the program's affair: nothing that was clicked comes before it, and nobody makes an account", () => {
    expect(env()).toMatchObject({
      ENABLE_PERSISTENT_CONFIG: "false",
      ENABLE_SIGNUP: "false",
      WEBUI_AUTH: "true",
      ENABLE_OLLAMA_API: "false",
      OFFLINE_MODE: "true",
    });
  });

  it("runs nobody's Python, and fetches no pages for people", () => {
    expect(env()).toMatchObject({
      ENABLE_TOOLS: "false",
      ENABLE_FUNCTIONS: "false",
      ENABLE_PIP_INSTALL_FRONTMATTER_REQUIREMENTS: "false",
      USER_PERMISSIONS_CHAT_WEB_UPLOAD: "false",
      WEB_FETCH_FILTER_LIST: "nothing.invalid",
      ENABLE_TOOL_SERVERS: "true",
    });
  });

  it.each([
    [undefined, "http://chat.chat.svc.cluster.local;http://localhost:8080", "false"],
    ["http://chat.example.com", "http://chat.example.com", "false"],
    ["https://chat.example.com", "https://chat.example.com", "true"],
  ])(
    "at %s answers the browsers of its own address, cookies as secure as that",
    (publicUrl, origins, secure) => {
      expect(env({ publicUrl })).toMatchObject({
        CORS_ALLOW_ORIGIN: origins,
        WEBUI_AUTH_COOKIE_SECURE: secure,
        WEBUI_SESSION_COOKIE_SECURE: secure,
        WEBUI_URL: publicUrl ?? "http://chat.chat.svc.cluster.local",
      });
    },
  );

  it("offers the tools in every new chat, and none of the app's own", () => {
    const metadata = JSON.parse(env()["DEFAULT_MODEL_METADATA"] ?? "");
    expect(metadata.toolIds).toEqual(["server:mcp:search"]);
    expect(metadata.capabilities.builtin_tools).toBe(false);
  });

  it("tells models what pages send them first", () => {
    expect(JSON.parse(env()["DEFAULT_INTERFACE_SETTINGS"] ?? "")).toEqual({ system: "Answer." });
  });

  it.each([true, false])("with uploads %s says so to people and to models", (uploads) => {
    const made = env({ uploads });
    expect(made["USER_PERMISSIONS_CHAT_FILE_UPLOAD"]).toBe(String(uploads));
    expect(JSON.parse(made["DEFAULT_MODEL_METADATA"] ?? "").capabilities.file_upload).toBe(uploads);
  });

  it("tells of every request that changes something who made it, of questions, too", () => {
    expect(env()).toMatchObject({ AUDIT_LOG_LEVEL: "METADATA", AUDIT_EXCLUDED_PATHS: "" });
  });

  it.each([
    [false, "1d"],
    [true, "7d"],
  ])("with Redis: %s lets a token that nobody can take back live %s", (redis, lifetime) => {
    expect(env({ redis })["JWT_EXPIRES_IN"]).toBe(lifetime);
  });

  it("shares news by Redis where there is one", () => {
    expect(env()).not.toHaveProperty("WEBSOCKET_MANAGER");
    expect(env({ redis: true })["WEBSOCKET_MANAGER"]).toBe("redis");
  });

  it("with Entra ID sends people there and back, and takes roles from the token", () => {
    expect(chatEnvironment(EVERYTHING.facts)).toMatchObject({
      ENABLE_LOGIN_FORM: "false",
      ENABLE_OAUTH_SIGNUP: "true",
      MICROSOFT_REDIRECT_URI: "https://chat.example.com/oauth/microsoft/callback",
      ENABLE_OAUTH_ROLE_MANAGEMENT: "true",
      OAUTH_ALLOWED_ROLES: "Chat.User",
      OAUTH_ADMIN_ROLES: "Chat.Admin",
      OAUTH_EMAIL_CLAIM: "preferred_username",
      OAUTH_PICTURE_CLAIM: "",
    });
    const { roles, ...entra } = EVERYTHING.facts.signIn.entra;
    const without = chatEnvironment({
      ...EVERYTHING.facts,
      signIn: { ...FACTS.signIn, users: "user", entra },
    });
    expect(without).toMatchObject({ ENABLE_OAUTH_ROLE_MANAGEMENT: "false", DEFAULT_USER_ROLE: "user" });
    expect(without).not.toHaveProperty("OAUTH_ALLOWED_ROLES");
  });

  it("holds no secret", () => {
    expect(JSON.stringify(chatEnvironment(EVERYTHING.facts))).not.toContain("secret");
  });
});
