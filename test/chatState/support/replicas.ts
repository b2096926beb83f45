import { ChatApp, type ChatAppArgs } from "../../../components/chatApp.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { freePort, type Scope } from "./database.ts";
import { type Ended, Pod, type Running } from "./pod.ts";

const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

/** A pod of the chat app, and what one can ask it. */
export interface Replica {
  url: string;
  /** What its init container says, which runs before. */
  migrate(): Promise<Ended>;
  /** What a program in its own language says, in the container before the app starts. */
  python(program: string): Promise<Ended>;
  /** Starts the app and waits until it is ready. */
  start(): Promise<Running>;
  /** A call of its API, with a person's token. */
  call(path: string, options?: { token?: string; body?: unknown; form?: FormData }): Promise<Response>;
}

const PASSWORD = "generated-password";

/** What there is of a chat app in a test. */
export interface Replicas {
  pods: [Replica, Replica];
  account: { email: string; password: string };
}

/** The pods of a ChatApp with two replicas, by its Deployment's specification, with one volume for both. */
export function replicas(
  scope: Scope,
  dir: string,
  state: { database: string; redis: string },
): Promise<Replicas> {
  return chatPods(scope, dir, {
    replicas: 2,
    database: { url: state.database },
    redis: { url: state.redis },
  });
}

/** Two pods of a ChatApp, as its Deployment would make them; one that has one replica starts one of them. */
export async function chatPods(scope: Scope, dir: string, args: Partial<ChatAppArgs>): Promise<Replicas> {
  const { result, resources } = await runWithMocks(
    () =>
      new ChatApp("chat", {
        namespace: "chat",
        models: [{ name: "phi", url: "http://model.models.svc.cluster.local/v1" }],
        ...args,
      }),
    { outputs: { [KEY]: () => ({ value: PASSWORD }) } },
  );
  const deployment = resources.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
  const { spec } = deployment?.inputs.spec.template ?? {};
  const one = async (which: string): Promise<Replica> => {
    // The volume is shared, what is the pod's own isn't.
    const own = structuredClone(spec);
    own.volumes[1] = { name: "scratch", persistentVolumeClaim: { claimName: `scratch-${which}` } };
    const pod = new Pod(own, dir, resources);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    // What the image's start script does, and what its folders say of where the pages are.
    const here = { FROM_INIT_PY: "true" };
    return {
      url,
      migrate: () => pod.run(own.initContainers[0], { env: here }),
      python: (program) =>
        pod.run({ ...own.containers[0], command: ["python3", "-c", program] }, { env: here }),
      start: async () => {
        const app = await pod.start(
          {
            ...own.containers[0],
            command: ["open-webui", "serve", "--host", "127.0.0.1", "--port", String(port)],
          },
          { env: here },
        );
        scope.add(async () => {
          app.kill("SIGKILL");
          await app.ended;
        });
        const { path } = own.containers[0].readinessProbe.httpGet;
        let over = false;
        void app.ended.then(() => {
          over = true;
        });
        while ((await fetch(`${url}${path}`).catch(() => undefined))?.status !== 200) {
          if (over) throw new Error(`it ended: ${(await app.ended).output.slice(-2000)}`);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        return app;
      },
      call: (path, { token, body, form } = {}) =>
        fetch(`${url}${path}`, {
          method: body === undefined && form === undefined ? "GET" : "POST",
          headers: {
            ...(token && { Authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          },
          ...(form ? { body: form } : body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
    };
  };
  const { email } = result.administrator;
  return { pods: [await one("a"), await one("b")], account: { email, password: PASSWORD } };
}

/** The events that a page gets from a replica: as much of socket.io as that takes. */
export async function eventsOf(scope: Scope, { url }: Replica, token: string): Promise<unknown[]> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws/socket.io/?EIO=4&transport=websocket`);
  scope.add(async () => socket.close());
  const events: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error("the socket failed"));
    socket.onmessage = ({ data }) => {
      const text = String(data);
      if (text.startsWith("0")) socket.send(`40${JSON.stringify({ token })}`);
      else if (text.startsWith("40")) {
        socket.send(`420${JSON.stringify(["user-join", { auth: { token } }])}`);
      } else if (text.startsWith("430")) resolve();
      else if (text === "2") socket.send("3");
      else if (text.startsWith("42")) events.push(JSON.parse(text.slice(2)));
    };
  });
  return events;
}
