import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Caller } from "../caller.ts";
import { isObject } from "./message.ts";

/** What a client says in `initialize`, as far as a portable session keeps it. */
export interface Handshake {
  protocolVersion: string;
  capabilities: Record<string, unknown>;
  clientInfo: { name: string; version: string };
}

/** More doesn't fit into a header beside a long token: Node takes 16 KiB of them all together. */
const MAX_HANDSHAKE_BYTES = 2048;
const NONCE_BYTES = 16;
const MAC_BYTES = 32;

/** Ids of sessions that every pod with the same key can read. */
export interface PortableIds {
  /** A new id for this caller; undefined if the handshake is none, or too large. */
  make(caller: Caller, params: unknown): string | undefined;
  /** What an id holds, if it was made for this caller. */
  read(caller: Caller, id: string): Handshake | undefined;
}

/**
 * An id is `<nonce>.<handshake>.<signature>`, each in base64url. The signature covers the server's name and the
 * caller's subject too, which stand nowhere in the id: with another caller, or at another server, it is no id at all.
 * It grants nothing: whoever comes with it must prove as always who they are.
 */
export function portableIds(key: string, server: string): PortableIds {
  const sign = ({ subject }: Caller, text: string): Buffer =>
    // Each part's length before it, so that no two triples make the same text.
    createHmac("sha256", key)
      .update([server, subject, text].map((part) => `${part.length}:${part}`).join(""))
      .digest();
  return {
    make(caller, params) {
      const handshake = handshakeOf(params);
      const json = handshake && Buffer.from(JSON.stringify(handshake));
      if (json === undefined || json.length > MAX_HANDSHAKE_BYTES) return undefined;
      const text = `${randomBytes(NONCE_BYTES).toString("base64url")}.${json.toString("base64url")}`;
      return `${text}.${sign(caller, text).toString("base64url")}`;
    },
    read(caller, id) {
      const end = id.lastIndexOf(".");
      const text = id.slice(0, Math.max(end, 0));
      const signature = Buffer.from(id.slice(end + 1), "base64url");
      if (signature.length !== MAC_BYTES || !timingSafeEqual(signature, sign(caller, text))) return undefined;
      const json = Buffer.from(text.slice(text.indexOf(".") + 1), "base64url");
      return handshakeOf(JSON.parse(json.toString()));
    },
  };
}

/** Icons and other ornaments of a client stay behind: no server needs them to answer a call. */
function handshakeOf(params: unknown): Handshake | undefined {
  if (!isObject(params)) return undefined;
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== "string" || !isObject(capabilities) || !isObject(clientInfo))
    return undefined;
  const { name, version } = clientInfo;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  return { protocolVersion, capabilities, clientInfo: { name, version } };
}
