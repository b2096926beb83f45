import { crc32 } from "node:zlib";

/** A PNG begins with 8 bytes that say so, and a chunk of 25 with its size. */
const headLength = 8 + 25;

/**
 * Writes a text into a PNG's metadata.
 *
 * @param keyword Latin letters, at most 79
 */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  const data = Buffer.from(`tEXt${keyword}\0${text}`, "latin1");
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - 4, 0);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  return Buffer.concat([png.subarray(0, headLength), chunk, png.subarray(headLength)]);
}

/** Reads it again. */
export function textOf(png: Buffer, keyword: string): string | undefined {
  for (let at = 8; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const data = png.toString("latin1", at + 4, at + 8 + length);
    if (data.startsWith(`tEXt${keyword}\0`)) return data.slice(5 + keyword.length);
    at += length + 12;
  }
  return undefined;
}
