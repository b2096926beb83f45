import { once } from "node:events";
import { join } from "node:path";
import { closing } from "../guard/helpers.ts";
import { runGuard } from "../guard/program.ts";
import { listening } from "../mcp-http/program.ts";

const echo = join(import.meta.dirname, "../../../servers/echo/main.ts");

/** A server and its guard, as the containers of a pod. */
export interface Pod {
  /** The guard's endpoint. */
  url: URL;
  /** Resolves once the guard says that it goes. */
  goes: Promise<void>;
  /**
   * Ends it as a kubelet does: the guard is told at once, the server after its preStop hook, which asks the guard.
   * Resolves with the programs' exit codes.
   */
  end(): Promise<(number | null)[]>;
}

/** Starts both as programs, and waits until the guard says that they are ready. */
export async function startPod(guard: object, env: Record<string, string> = {}): Promise<Pod> {
  const server = await listening(echo, env, { keep: true });
  closing({ close: () => server.child.kill("SIGKILL") });
  const program = await runGuard({ upstream: { url: server.url.href }, ...guard });
  const { url, management } = await program.listening();
  for (;;) {
    const { status } = await fetch(new URL("/readyz", management));
    if (status === 200) break;
  }
  const goes = Promise.withResolvers<void>();
  return {
    url,
    goes: goes.promise,
    async end() {
      const ended = [once(server.child, "exit"), once(program.child, "exit")];
      const hook = fetch(new URL("/drained", management));
      program.child.kill("SIGTERM");
      const ready = () =>
        fetch(new URL("/readyz", management)).then(
          ({ status }) => status === 200,
          () => false,
        );
      while (await ready());
      goes.resolve();
      // A hook that fails is over, too.
      await hook.then((answer) => answer.text()).catch(() => {});
      server.child.kill("SIGTERM");
      return (await Promise.all(ended)).map(([code]) => code as number | null);
    },
  };
}
