import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

/** The ids of the chats that a chat app keeps in the one file of its folder, whoever's they are. */
export function chatsIn(dir: string): string[] {
  const [file = ""] = readdirSync(dir).filter((name) => name.endsWith(".json"));
  const { chats } = JSON.parse(readFileSync(join(dir, file), "utf8")) as { chats: { id: string }[] };
  return chats.map(({ id }) => id);
}
