import { describe, expect, it } from "vitest";
import { call, document, engines, leaver, lifeline, patience, served } from "./helpers.ts";

describe.each(engines)("documents that $ie doesn't end", ({ skip, path }) => {
  describe.skipIf(skip)("by itself", { timeout: patience }, () => {
    const server = served((later) => ({
      IE_PATH: path(later),
      ALLOW_EXECUTE: "true",
      MAX_RUNS: "2",
      MAX_QUEUED: "1",
      KILL_GRACE_SECONDS: "0",
    }));

    it("are ended with all their processes when they are cancelled", async () => {
      const line = lifeline();
      const stop = new AbortController();
      const commands = `exec 7> ${line.path}\n${leaver} &\nsleep 1000`;
      const running = call(
        server,
        "execute_document",
        { content: document(commands) },
        { signal: stop.signal },
      );
      await line.begun;
      stop.abort("enough");
      await expect(running).rejects.toThrow("enough");
      await line.ended;
    });

    it("are ended when their time is up", async () => {
      const args = { content: document("sleep 1000"), timeoutSeconds: 1 };
      const { data, isError } = await call(server, "execute_document", args);
      expect(isError).toBe(true);
      expect(data).toMatchObject({ outcome: "timed-out", error: "it took longer than 1 s", exitCode: null });
    });

    it("leave nothing running when they end by themselves", async () => {
      const line = lifeline();
      const commands = `exec 7> ${line.path}\n${leaver} > /dev/null 2>&1 &`;
      const { data } = await call(server, "execute_document", { content: document(commands) });
      expect(data.outcome).toBe("passed");
      await line.begun;
      await line.ended;
    });

    it("are refused when too many wait", async () => {
      const lines = [lifeline(), lifeline()];
      const stop = new AbortController();
      const waiting = Promise.withResolvers<void>();
      const run = (content: string, onprogress?: () => void) =>
        call(server, "execute_document", { content }, { signal: stop.signal, onprogress });
      const running = lines.map(({ path: pipe }) =>
        run(document(`exec 7> ${pipe}\necho here >&7\nsleep 1000`)),
      );
      await Promise.all(lines.map(({ begun }) => begun));
      const queued = run(document("echo queued"), waiting.resolve);
      await waiting.promise;
      const refused = await call(server, "execute_document", { content: document("echo refused") });
      expect(refused).toMatchObject({
        isError: true,
        text: "1 runs wait already (MAX_QUEUED); try again later",
      });
      stop.abort("enough");
      await Promise.allSettled([...running, queued]);
      await Promise.all(lines.map(({ ended }) => ended));
    });
  });
});
