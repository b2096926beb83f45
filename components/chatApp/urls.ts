import { callableUrl } from "../kaitoRagEngine/address.ts";
import type { Check } from "../validation.ts";

const caller = "the chat app";

/** The base of an OpenAI API that the chat app's pods can call. */
export const modelUrl: Check<string> = callableUrl({
  caller,
  credentials: "which Open WebUI doesn't send; give the key as apiKey",
  example: "https://api.example.com/v1",
});

/** The endpoint of an MCP server that they can call. */
export const toolUrl: Check<string> = callableUrl({
  caller,
  credentials: "which Open WebUI doesn't send; give the bearer token as token",
  example: "http://search.mcp.svc.cluster.local:3000/mcp",
});

/** A RAG engine that they can call. */
export const engineUrl: Check<string> = callableUrl({
  caller,
  credentials: "and a RAG engine knows neither; leave them out",
  example: "http://docs.models.svc.cluster.local",
});

/** The address of Entra ID's redirect URI. Source: "Redirect URI restrictions" in Microsoft's documentation. */
export const entraPublicUrl: Check<string> = (text) =>
  /^https:|^http:\/\/localhost(:|$)/.test(text)
    ? undefined
    : `${JSON.stringify(text)} is not allowed with Entra ID, which sends people back to https:// addresses only`;
