#!/usr/bin/env node
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { repository } from "../workspace.ts";
import { findOpenWebUi, installOpenWebUi, VERSION } from "./installation.ts";

/** Runs the tests of the chat app with the real Open WebUI in its pods. */
async function main(install: boolean): Promise<number> {
  const { env } = process;
  const found = await (install ? installOpenWebUi(env, (line) => console.log(line)) : findOpenWebUi(env));
  if ("missing" in found) {
    if (!found.wrong) console.log(`skipped: ${found.missing}`);
    else console.error(`error: ${found.missing}`);
    return found.wrong ? 1 : 0;
  }
  console.log(`Open WebUI ${VERSION} at ${found.program}`);
  const vitest = join(repository, "node_modules", "vitest", "vitest.mjs");
  const { exitCode } = await execa(
    process.execPath,
    [vitest, "run", "--project", "rehearsal", "test/rehearsal/chat.test.ts"],
    { cwd: repository, env: { MCPAAS_OPEN_WEBUI: found.program }, stdio: "inherit", reject: false },
  );
  return exitCode ?? 1;
}

const program = new Command("e2e:chat")
  .description(
    "Runs test/rehearsal/chat.test.ts with the real Open WebUI: the one that MCPAAS_OPEN_WEBUI names, or the one in\n" +
      "the cache. Where there is none, it says so and ends with 0; one that was named or is to be installed must be had.",
  )
  .option("--install", "install it into the cache first, with the machine's Python 3.11 or 3.12", false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const { install } = program.parse().opts<{ install: boolean }>();
process.exitCode = await main(install);
