import { readConfig } from "./config.ts";
import { serveChat } from "./server.ts";

/*
 * Stands in for Open WebUI 0.12.4: what it reads from its environment, how it calls models and MCP servers, its
 * events and its ways to fail were recorded from the real one, which needs Python and several hundred MiB. There is
 * no page, and of its API only what an answer needs.
 */
const { url, close } = await serveChat(readConfig(process.env), "127.0.0.1");
console.log(JSON.stringify({ msg: "listening", url: url.href }));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
