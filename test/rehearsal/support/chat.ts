import { join } from "node:path";
import { execa } from "execa";
import type { Report } from "../../../cli/chatAsk/print.ts";
import { shellEnvironment } from "../../../rehearsal/shell.ts";
import { repository } from "../../../rehearsal/workspace.ts";
import type { Stage } from "./stage.ts";

/** What `npm run chat:ask -- --json` printed, and how it ended. */
export interface Asked {
  exitCode: number | undefined;
  report: Report;
  stderr: string;
}

/** Asks the stage's chat app, which is found by the stack's outputs, as somebody at the rehearsal's shell does. */
export async function ask(stage: Stage, ...words: string[]): Promise<Asked> {
  return await run(stage, words, {});
}

/** The same as another account. */
export async function askAs(stage: Stage, account: Account, ...words: string[]): Promise<Asked> {
  return await run(stage, ["--email", account.email, ...words], { CHAT_PASSWORD: account.password });
}

async function run({ running }: Stage, words: string[], env: Record<string, string>): Promise<Asked> {
  const command = [
    join(repository, "cli", "mcpaas.ts"),
    "chat-ask",
    "--json",
    "-s",
    running.environment.stack,
    ...words,
  ];
  const { exitCode, stdout, stderr } = await execa(process.execPath, command, {
    cwd: running.project,
    env: { ...shellEnvironment(running), ...env },
    reject: false,
  });
  return { exitCode, stderr, report: stdout.startsWith("{") ? JSON.parse(stdout) : {} };
}

/** An account of the chat app. */
export interface Account {
  name: string;
  email: string;
  password: string;
  role: "user";
}

/** What the stack says of its chat app. */
export interface ChatOutput {
  url: string;
  administrator: { email: string; password: string };
  signIn: string;
}

export async function chatOutput({ running }: Stage): Promise<ChatOutput> {
  const args = ["stack", "output", "chat", "--json", "--show-secrets", "-s", running.environment.stack];
  const { stdout } = await execa("pulumi", args, { cwd: running.project, env: running.env });
  return JSON.parse(stdout);
}

/** A request to the chat app by its address in the cluster, as the page makes it; what it answers with 200. */
export async function request(
  stage: Stage,
  method: string,
  path: string,
  { token, body }: { token?: string; body?: object } = {},
): Promise<Record<string, unknown>> {
  const script = `
    const { url, method, token, body } = JSON.parse(process.argv[1]);
    const headers = { "content-type": "application/json", ...(token && { authorization: "Bearer " + token }) };
    const response = await fetch(url, { method, headers, body });
    if (!response.ok) throw new Error(method + " " + url + ": " + response.status + " " + (await response.text()));
    console.log(await response.text());`;
  const { url } = await chatOutput(stage);
  const call = { url: url + path, method, token, body: body && JSON.stringify(body) };
  const args = ["--input-type=module", "--eval", script, JSON.stringify(call)];
  const { stdout } = await execa(process.execPath, args, { env: shellEnvironment(stage.running) });
  return JSON.parse(stdout);
}

/** Signs in, and returns the token. */
export async function signIn(
  stage: Stage,
  { email, password }: Omit<Account, "name" | "role">,
): Promise<string> {
  const { token } = await request(stage, "POST", "/api/v1/auths/signin", { body: { email, password } });
  return String(token);
}

/** A pod, as far as it is looked at. */
export interface Pod {
  metadata: { name: string; uid: string };
  spec: {
    containers: {
      env?: { name: string; value?: string }[];
      envFrom?: { secretRef?: { name: string } }[];
    }[];
  };
}

/** The pods that have these labels. */
export async function podsOf(stage: Stage, namespace: string, selector: string): Promise<Pod[]> {
  const { items } = await stage.get<{ items: Pod[] }>("pods", "-n", namespace, "-l", selector);
  return items;
}

interface Slices {
  items: { endpoints: { conditions: { ready: boolean }; targetRef: { uid: string } }[] | null }[];
}

/** The uids of the pods that a Service leads to. */
export async function servedBy(stage: Stage, namespace: string, service: string): Promise<string[]> {
  const selector = `kubernetes.io/service-name=${service}`;
  const { items } = await stage.get<Slices>("endpointslices", "-n", namespace, "-l", selector);
  return items
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions.ready)
    .map(({ targetRef }) => targetRef.uid);
}

/** Does something by which the pods of a Service are replaced, and waits until it leads to new ones only. */
export async function replacing(
  stage: Stage,
  namespace: string,
  service: string,
  replace: () => Promise<unknown>,
): Promise<void> {
  const before = await servedBy(stage, namespace, service);
  await replace();
  await stage.until(async () => {
    const now = await servedBy(stage, namespace, service);
    return now.length > 0 && now.every((uid) => !before.includes(uid));
  });
}
