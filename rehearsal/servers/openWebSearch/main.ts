import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { readConfig } from "./config.ts";
import { serveHttp } from "./http.ts";
import { createSearchServer } from "./tools.ts";

/*
 * Stands in for Open-WebSearch: its tools and its ways to fail, with ten documents in place of the web. The
 * real one is built from its source, which is no npm package, and asks search engines, which a rehearsal must
 * not.
 */
const config = readConfig(process.env);

if (config.stdio) {
  await createSearchServer(config).connect(new StdioServerTransport());
} else {
  const { url, close } = await serveHttp(() => createSearchServer(config), config.host, config.port);
  console.log(JSON.stringify({ msg: "listening", url: url.href, engines: config.allowed }));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
}
