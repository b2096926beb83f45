import { type Dispatcher, request } from "undici";
import { type Answer, judge, messageFor, refusal } from "./judge.ts";
import { failed, type Outcome } from "./kinds.ts";

/** What is called. */
export interface Target {
  url: URL;
  /** Headers of every request, such as the bearer token. */
  headers: Record<string, string>;
  tool: string;
  args: object;
  /** A text that every result must have. @default - any result is right */
  expected?: string;
  /** Milliseconds that a call may take. */
  timeoutMs: number;
}

/** An open session of MCP: the headers that each of its calls has. */
export type Session = Record<string, string>;

/** Source: the newest revision that the guard speaks; a server answers with the one that it will use. */
const protocolVersion = "2025-11-25";

/** Talks MCP over streamable HTTP: opens and ends sessions, and calls a tool. */
export class McpClient {
  readonly #target: Target;
  readonly #dispatcher: Dispatcher;
  /** All of a call's body but its id: it is the same each time. */
  readonly #params: string;

  constructor(target: Target, dispatcher: Dispatcher) {
    this.#target = target;
    this.#dispatcher = dispatcher;
    this.#params = JSON.stringify({ name: target.tool, arguments: target.args });
  }

  /** Opens a session as a client does; a server without sessions gives one without an id. */
  async open(clientName: string, signal?: AbortSignal): Promise<Session | Outcome> {
    const { headers } = this.#target;
    const common = {
      ...headers,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    };
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: clientName, version: "1.0.0" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    const answer = await this.#post(common, body, signal);
    if ("kind" in answer) return answer;
    const message = messageFor(answer.body, 0);
    if (answer.status !== 200) return refusal(answer.status, message?.error, answer.body);
    if (message?.result === undefined) {
      return failed("wrong-body", answer.status, message?.error?.message ?? answer.body);
    }
    const { protocolVersion: agreed } = message.result as { protocolVersion?: string };
    const session: Session = {
      ...common,
      "mcp-protocol-version": agreed ?? protocolVersion,
      ...(answer.session && { "mcp-session-id": answer.session }),
    };
    const note = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
    const noted = await this.#post(session, note, signal);
    if ("kind" in noted) return noted;
    return noted.status < 300 ? session : refusal(noted.status, undefined, noted.body);
  }

  /** Calls the tool, and says how that ended. */
  async call(session: Session, id: number, signal?: AbortSignal): Promise<Outcome> {
    const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${this.#params}}`;
    const answer = await this.#post(session, body, signal);
    return "kind" in answer ? answer : judge(answer, id, this.#target.expected);
  }

  /** Ends a session as a client does that goes away; whether the server heard it doesn't matter any more. */
  async end(session: Session): Promise<void> {
    if (session["mcp-session-id"] === undefined) return;
    const { url } = this.#target;
    await request(url, {
      method: "DELETE",
      headers: session,
      dispatcher: this.#dispatcher,
      signal: AbortSignal.timeout(farewellMs),
    }).then(
      ({ body }) => body.dump(),
      () => {},
    );
  }

  async #post(
    headers: Session,
    body: string,
    signal?: AbortSignal,
  ): Promise<(Answer & { session?: string }) | Outcome> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#target.timeoutMs);
    const end = () => limit.abort();
    signal?.addEventListener("abort", end, { once: true });
    try {
      const options = { method: "POST", headers, body, dispatcher: this.#dispatcher, signal: limit.signal };
      const answer = await request(this.#target.url, options);
      const session = answer.headers["mcp-session-id"];
      return {
        status: answer.statusCode,
        body: await answer.body.text(),
        ...(typeof session === "string" && { session }),
      };
    } catch (error) {
      if (limit.signal.aborted) return failed("timeout");
      const { code, message } = cause(error);
      return failed("connection", code, message);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  }
}

const farewellMs = 2000;

/** The error that says most: those of several addresses are inside of another. */
function cause(error: unknown): { code?: string; message?: string } {
  const { errors, ...outer } = error as { errors?: unknown[]; code?: string; message?: string };
  return errors?.length ? cause(errors[0]) : { code: outer.code, message: (error as Error).message };
}
