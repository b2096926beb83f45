import { createHash } from "node:crypto";

/** The namespace of every name-based UUID of this project, itself the UUID of a URL (RFC 9562, version 5). */
const UUID_NAMESPACE = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");

/** A UUID that is the same for the same parts, so that a second run finds what the first one made. */
export function stableUuid(...parts: string[]): string {
  const digest = createHash("sha1").update(UUID_NAMESPACE).update(parts.join("\n")).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** `length` characters of a-z and 0-9 that depend on every part; the first one is a letter or a digit. */
export function shortHash(length: number, ...parts: string[]): string {
  const digest = createHash("sha256").update(parts.join("\n")).digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}
