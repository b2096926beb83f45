import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { administrator, QUESTION, startChatWorld } from "../../support/chatWorld.ts";
import { runHere } from "../running.ts";
import { type ClusterOptions, cluster, IN_CLUSTER, printing, pulumiThat } from "./stackSupport.ts";

const ask = (env: Record<string, string>, ...args: string[]) => runHere(["chat-ask", ...args, QUESTION], env);

test("a stack's app is asked at its public address, as its administrator", async () => {
  const { url } = await startChatWorld();
  const env = await printing({ chat: { url: IN_CLUSTER, publicUrl: url, administrator } });
  const { code, stdout, stderr } = await ask(env);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("CHANGELOG.md");
});

test("the stack is the one that is named, and its secrets are asked for", async () => {
  const args = '["stack","output","--json","--show-secrets","-s","prod","--non-interactive"]';
  const env = await pulumiThat(
    `if (JSON.stringify(process.argv.slice(2)) !== ${JSON.stringify(args)}) process.exit(9);\nconsole.log("{}")`,
  );
  const { code, stderr } = await ask(env, "-s", "prod");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: stack prod has no chat app; `pulumi config set chat\.enabled true --path -s prod`/,
  );
});

test("what pulumi says is said, but not what it prints", async () => {
  const env = await pulumiThat(
    `console.log('{"chat": "the-secret"}'); console.error("error: no stack named 'dev' found"); process.exit(1)`,
  );
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toBe("error: the outputs of stack dev can't be read: error: no stack named 'dev' found\n");
  expect((await ask({ PATH: "/nowhere" })).stderr).toBe(
    "error: pulumi is not on PATH; name the chat app with --url instead\n",
  );
});

test("without a public address its port is forwarded, from a ready pod, for WebSockets as well", async () => {
  const { url } = await startChatWorld();
  const { asked, env } = await cluster({ to: url });
  const { code, stdout, stderr } = await ask(env, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  // It was watched while it was made, which goes by a WebSocket only.
  expect(JSON.parse(stdout).calls[0].seconds).toBeTypeOf("number");
  expect(asked.slice(0, 2)).toEqual([
    "/api/v1/namespaces/chat/services/chat",
    "/api/v1/namespaces/chat/pods?labelSelector=app%3Dchat",
  ]);
  expect(asked[2]).toMatch(/^\/api\/v1\/namespaces\/chat\/pods\/chat-1\/portforward\?ports=8080/);
});

test("a chat app that isn't ready is said to be so, with its pods and what to look at", async () => {
  const { env } = await cluster({ to: "http://127.0.0.1:1", ready: false });
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toBe(
    [
      "error: the chat app isn't ready: service/chat in namespace chat has chat-1 is ImagePullBackOff",
      "wait until it is, or look why it isn't",
      "  kubectl -n chat get pods,events",
      "",
    ].join("\n"),
  );
});

test.each<[string, Partial<ClusterOptions>, string]>([
  ["there is no Service", { absent: true }, "service/chat in namespace chat can't be reached: there is none"],
  [
    "the rights are missing",
    { forbidden: true },
    "the rights to get and create pods/portforward are missing",
  ],
  ["pods may not be listed", { pods: 403 }, "it takes those to get services and to list pods there"],
  ["nobody listens in the pod", {}, "connection refused"],
])("%s", async (_what, options, words) => {
  const { env } = await cluster({ to: "http://127.0.0.1:1", ...options });
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

test("without a kubeconfig it is said what to do instead", async () => {
  const { stderr } = await ask(await printing({ chat: { url: IN_CLUSTER, administrator } }));
  expect(stderr).toBe(
    "error: stack dev has no output kubeconfig; forward the chat app's port, and name it with --url\n",
  );
});

test("--in-cluster goes by the cluster although there is a public address", async () => {
  const { url } = await startChatWorld();
  const { env } = await cluster({ to: url, publicUrl: "http://127.0.0.1:1" });
  expect((await ask(env)).stderr).toContain("127.0.0.1:1 can't be used");
  expect(await ask(env, "--in-cluster")).toMatchObject({ code: 0, stderr: "" });
  expect(await ask(env, "--in-cluster", "--url", url)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("can't be used with --url"),
  });
});

test.each([
  ["an administrator is missing", { chat: { url: IN_CLUSTER } }, "(chat.administrator)"],
  ["a kubeconfig is none", { chat: { url: IN_CLUSTER, administrator }, kubeconfig: {} }, "(kubeconfig)"],
])("outputs of another form are no missing chat app: %s", async (_what, outputs, words) => {
  const { stderr } = await ask(await printing(outputs));
  expect(stderr).toContain(`the outputs of stack dev aren't those of this version ${words}`);
});

test("a pulumi that ends well and prints no JSON is said to do so", async () => {
  const { stderr } = await ask(await pulumiThat("console.log('the-secret')"));
  expect(stderr).toBe("error: the outputs of stack dev can't be read: pulumi printed no JSON\n");
});

test("the time is over for pulumi, too", async () => {
  const env = await pulumiThat(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);" +
      "require('node:fs').writeFileSync(process.argv[1] + '.pid', String(process.pid))",
  );
  expect(await ask(env, "--timeout", "2")).toMatchObject({
    code: 1,
    stderr:
      "error: the outputs of stack dev can't be read: pulumi didn't end in time; --timeout <seconds> waits longer\n",
  });
  const pid = Number(await readFile(join(env["PATH"]?.split(":")[0] ?? "", "pulumi.pid"), "utf8"));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));
});

test("and for an API server that says nothing", async () => {
  const { env } = await cluster({ to: "http://127.0.0.1:1", silent: true });
  expect(await ask(env, "--timeout", "1")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("the cluster's API server gave no answer in time"),
  });
});
