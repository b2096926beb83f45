import { randomUUID } from "node:crypto";
import { makeAnswer } from "./answer.ts";
import type { ChatConfig, ToolConnection } from "./config.ts";
import { type ChatEvent, type ChatMessage, HttpError } from "./message.ts";
import { modelsFor } from "./models.ts";
import type { Store, User } from "./store.ts";
import { connectionsFor, openServer, toolIdOf } from "./tools.ts";

/** What a request says. */
export interface ApiRequest {
  method: string;
  path: string;
  body: Record<string, unknown>;
  /** The bearer token. */
  token?: string;
}

/** Tells somebody's pages of something that happened to a message. */
export type Emit = (user: User, event: { chat_id: string; message_id: string; data: ChatEvent }) => void;

const WRONG_PASSWORD =
  "The email or password provided is incorrect. Please check for typos and try logging in again.";
const FORBIDDEN =
  "You do not have permission to access this resource. Please contact your administrator for assistance.";

/** The routes of the API that the page uses for an answer. Source: main.py and routers/ of 0.12.4. */
export class Routes {
  readonly #config: ChatConfig;
  readonly #store: Store;
  readonly #emit: Emit;
  readonly #tasks = new Map<string, { controller: AbortController; done: Promise<void> }>();

  constructor(config: ChatConfig, store: Store, emit: Emit) {
    this.#config = config;
    this.#store = store;
    this.#emit = emit;
  }

  /** @throws {HttpError} that is answered instead. */
  async answer(request: ApiRequest): Promise<unknown> {
    const route = `${request.method} ${request.path.replace(/\/$/, "")}`;
    const { body } = request;
    if (/^GET \/(health|ready|health\/db)$/.test(route)) return { status: true };
    if (route === "POST /api/v1/auths/signin") return this.#signIn(body);
    if (route === "POST /api/v1/auths/signup") return this.#signUp(body);
    const user = this.#store.userOf(request.token);
    if (route === "GET /api/config") return this.#about(user);
    if (!user) throw new HttpError(401, "Not authenticated");
    if (user.role === "pending") throw new HttpError(401, FORBIDDEN);
    return await this.#answerUser(route, body, user);
  }

  async #answerUser(route: string, body: Record<string, unknown>, user: User): Promise<unknown> {
    const [, chatId] = /^(?:GET|DELETE) \/api\/v1\/chats\/([^/]+)$/.exec(route) ?? [];
    const [, task] = /^POST \/api\/tasks\/stop\/([^/]+)$/.exec(route) ?? [];
    if (chatId) return this.#chat(user, chatId, route.startsWith("DELETE"));
    if (task) return this.#stop(task);
    switch (route) {
      case "GET /api/models":
        return { data: (await modelsFor(user, this.#config)).map(({ id }) => this.#modelInfo(id)) };
      case "GET /api/v1/tools":
        return connectionsFor(user, this.#config).map((connection) => ({
          id: toolIdOf(connection),
          name: connection.info?.name ?? "",
        }));
      case "GET /api/v1/users/user/settings":
        return { ui: this.#config.interfaceSettings };
      case "POST /api/chat/completions":
        return await this.#complete(user, body);
      case "POST /api/v1/auths/add":
        return this.#addUser(administrator(user), body);
      case "GET /api/v1/configs/tool_servers":
        return administrator(user) && { TOOL_SERVER_CONNECTIONS: this.#config.tools };
      case "POST /api/v1/configs/tool_servers/verify":
        return administrator(user) && (await verify(body as ToolConnection));
      default:
        throw new HttpError(404, "Not Found");
    }
  }

  #signIn({ email, password }: Record<string, unknown>) {
    const user = this.#store.signIn(String(email), String(password));
    if (!user) throw new HttpError(400, WRONG_PASSWORD);
    return this.#session(user);
  }

  #signUp({ email, name, password }: Record<string, unknown>) {
    if (!this.#config.signUp) throw new HttpError(403, FORBIDDEN);
    const role = this.#store.isEmpty ? "admin" : "pending";
    const account = { email: String(email), name: String(name), password: String(password), role } as const;
    return this.#session(this.#store.addUser(account));
  }

  #addUser(_by: User, { email, name, password, role }: Record<string, unknown>) {
    if (this.#store.hasUser(String(email))) throw new HttpError(400, "The email is taken");
    const account = { email: String(email), name: String(name), password: String(password) };
    const known = (["admin", "user", "pending"] as const).find((each) => each === (role ?? "pending"));
    if (!known) throw new HttpError(501, "only the roles admin, user and pending are known here");
    return this.#session(this.#store.addUser({ ...account, role: known }));
  }

  #session(user: User) {
    const { id, email, name, role } = user;
    return { id, email, name, role, token: this.#store.tokenOf(user), token_type: "Bearer" };
  }

  /** What anybody is told, and more for those who are signed in. */
  #about(user: User | undefined) {
    const features = { auth: true, enable_signup: this.#config.signUp, enable_websocket: true };
    const about = { status: true, name: "Open WebUI", version: "0.12.4", features };
    return user ? { ...about, default_models: this.#config.defaultModels } : about;
  }

  #modelInfo(id: string) {
    return { id, name: id, object: "model", owned_by: "openai", info: { meta: this.#config.modelMetadata } };
  }

  #chat(user: User, id: string, remove: boolean) {
    const chat = this.#store.chatOf(user, id);
    if (!chat) throw new HttpError(401, "We could not find what you're looking for :/");
    if (remove) this.#store.removeChat(chat);
    return remove ? true : { id, user_id: user.id, chat: { history: { messages: chat.messages } } };
  }

  /** Begins an answer in a new chat, as the page does. Other callers are not served. */
  async #complete(user: User, body: Record<string, unknown>) {
    const { model: id, user_message: asked, message_ids: answers, session_id, parent_id, tool_ids } = body;
    const [{ message_id: answerId = "" } = {}] = (answers ?? []) as { message_id?: string }[];
    if (!session_id || !answerId || !asked || parent_id !== null) {
      throw new HttpError(501, "only new chats of a page are answered here");
    }
    const model = (await modelsFor(user, this.#config)).find((each) => each.id === id);
    if (!model) throw new HttpError(400, "Model not found");
    const question = asked as ChatMessage;
    const answer: ChatMessage = {
      id: answerId,
      role: "assistant",
      content: "",
      done: false,
      model: model.id,
    };
    const chat = this.#store.addChat(user, { [question.id]: question, [answerId]: answer });
    const [task, controller] = [randomUUID(), new AbortController()];
    const done = makeAnswer({
      ...{ config: this.#config, user, model, answer, signal: controller.signal },
      messages: body["messages"] as { role: string; content: string }[],
      toolIds: (tool_ids ?? []) as string[],
      emit: (data) => this.#emit(user, { chat_id: chat.id, message_id: answerId, data }),
      save: () => this.#store.changed(),
    }).finally(() => this.#tasks.delete(task));
    this.#tasks.set(task, { controller, done });
    return { status: true, task_ids: [task], chat_id: chat.id };
  }

  /** Ends the work on all answers. */
  async close(): Promise<void> {
    const running = [...this.#tasks.values()];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  #stop(task: string) {
    const running = this.#tasks.get(task);
    if (!running) return { status: false, message: `Task with ID ${task} not found.` };
    running.controller.abort();
    return { status: true, message: `Task ${task} successfully stopped.` };
  }
}

function administrator(user: User): User {
  if (user.role !== "admin") throw new HttpError(401, FORBIDDEN);
  return user;
}

/** Source: verify_tool_servers_config in routers/configs.py. */
async function verify(connection: ToolConnection): Promise<object> {
  try {
    const server = await openServer(connection);
    await server.close();
    return { status: true, specs: server.tools.map(({ name, description }) => ({ name, description })) };
  } catch {
    throw new HttpError(400, "Failed to create MCP client");
  }
}
