import type { Report } from "../../../cli/chatAsk/print.ts";
import { administrator } from "../../support/chatWorld.ts";
import { type Ended, runHere } from "../running.ts";

/** Runs `mcpaas chat-ask` here, signed in as the administrator. */
export function ask(url: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { email, password } = administrator;
  return runHere(["chat-ask", "--url", url, "--email", email, ...args], { CHAT_PASSWORD: password, ...env });
}

/** The same with --json. */
export async function askJson(url: string, ...args: string[]): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await ask(url, ["--json", ...args]);
  if (stdout === "") throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
}
