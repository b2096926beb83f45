import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import type { Stage } from "./stage.ts";

/** What a browser gets of a public host. */
export interface Page {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/**
 * Opens a connection to a public host through the stage's way out, over TLS.
 *
 * @param ca the roots to trust, PEM. @default those that all trust
 */
export async function connectTo(stage: Stage, host: string, ca?: string): Promise<TLSSocket> {
  const { env } = stage.running;
  const tunnel = request({ ...wayOut(stage), method: "CONNECT", path: `${host}:443` });
  tunnel.end();
  const [answer, socket] = await once(tunnel, "connect");
  if (answer.statusCode !== 200) {
    throw new Error(`the way to ${host} is closed: ${answer.statusCode}`);
  }
  const roots = ca ?? (await readFile(env["SSL_CERT_FILE"] ?? "", "utf8"));
  const secure = connect({ socket, servername: host, ca: roots });
  await once(secure, "secureConnect");
  return secure;
}

/** Asks a public host over TLS. */
export async function browse(stage: Stage, url: string, ca?: string): Promise<Page> {
  const { host, pathname, search } = new URL(url);
  const socket = await connectTo(stage, host, ca);
  const path = pathname + search;
  return await pageOf(request({ path, headers: { host }, createConnection: () => socket }));
}

/** Asks a public host in plain text. */
export async function browsePlain(stage: Stage, url: string): Promise<Page> {
  const { host } = new URL(url);
  return await pageOf(request({ ...wayOut(stage), path: url, headers: { host } }));
}

async function pageOf(call: ClientRequest): Promise<Page> {
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

function wayOut({ running }: Stage): { host: string; port: string } {
  const { hostname, port } = new URL(running.env["HTTPS_PROXY"] ?? "");
  return { host: hostname, port };
}
