import type { FastifyRequest } from "fastify";
import type { Parts } from "../parts.ts";
import { codes, Refusal } from "../refusal.ts";
import { letEnd, type UpstreamAnswer } from "../upstream/client.ts";

/**
 * Takes note of what an answer says of its session; returns the headers that come of it.
 *
 * @param bind of `SessionMode.opening`, where the request opens a session
 */
export function noteSession(
  { sessions }: Pick<Parts, "sessions">,
  { guard: { session } }: FastifyRequest,
  answer: UpstreamAnswer,
  bind?: (upstreamId: string) => string | undefined,
): Record<string, string> {
  if (answer.status === 404 && session) sessions.remove(session.id);
  const id = answer.headers["mcp-session-id"];
  if (typeof id !== "string") return {};
  if (session && id === session.upstreamId) return { "mcp-session-id": session.id };
  // Only the answer to initialize opens a session ("Session Management" of MCP 2025-06-18).
  if (!bind || answer.status !== 200) return {};
  try {
    const bound = bind(id);
    if (bound !== undefined) return { "mcp-session-id": bound };
    const message = "The MCP server gave a session that is another's";
    throw new Refusal(502, codes.upstream, message, { outcome: "upstream-error" });
  } catch (error) {
    letEnd(answer.body);
    throw error;
  }
}
