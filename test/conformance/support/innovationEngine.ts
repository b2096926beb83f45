import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../../../servers/innovation-engine/config.ts";
import { ieCommit } from "../../../servers/innovation-engine/engine/binary.ts";
import { createServices } from "../../../servers/innovation-engine/services.ts";
import { createMcpServer, loadTools } from "../../../servers/innovation-engine/toolbox.ts";
import type { Running } from "../fixture/server.ts";
import { serve } from "./serve.ts";

/**
 * Starts the Innovation Engine server with its own catalogue. The engine tells its version and no more: what it does
 * is tested with the server, and no document is executed here.
 */
export async function startInnovationEngine(): Promise<Running> {
  const dir = await mkdtemp(join(tmpdir(), "conformance-ie-"));
  const ie = join(dir, "ie");
  await writeFile(ie, `#!/bin/sh\necho 'Version: test+state-fd19'\necho 'Commit: ${ieCommit}'\n`);
  await chmod(ie, 0o755);
  const config = readConfig({ IE_PATH: ie, WORK_DIR: dir });
  const services = await createServices(config, pino({ level: "silent" }));
  const tools = await loadTools(join(import.meta.dirname, "../../../servers/innovation-engine/tools"));
  const server = await serve(() => createMcpServer(tools, services));
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await services.close();
      await rm(dir, { recursive: true });
    },
  };
}
