import { afterEach, describe, expect, test } from "vitest";
import { type Running, startFixture } from "./fixture/server.ts";
import { baseline, conformance, type ExpectedFailures } from "./support/suite.ts";
import { targets } from "./support/targets.ts";

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});
async function started(start: () => Promise<Running>): Promise<URL> {
  const server = await start();
  running.push(server);
  return server.url;
}

/** A tool that starts a program of its own, on a machine that has other things to do. */
const limit = 60_000;

describe("the official conformance suite", () => {
  test.each(targets)(
    "$name fails at nothing but what $baseline lists",
    async ({ start, baseline: file }) => {
      const expected = await baseline(file);
      const { exitCode, text, failures } = await conformance(await started(start), expected);
      expect(exitCode, text).toBe(0);
      expect(failures.size).toBe(32);
      for (const { scenarios, says } of expected) {
        for (const scenario of scenarios) {
          // The tool itself doesn't look at entries of scenarios that there aren't.
          expect([scenario, failures.get(scenario)?.join("; ")]).toEqual([
            scenario,
            expect.stringMatching(new RegExp(says)),
          ]);
        }
      }
    },
    limit,
  );

  test(
    "an expected failure that doesn't happen is a failure",
    async () => {
      const stale: ExpectedFailures[] = [{ because: "it is made up", says: "", scenarios: ["ping"] }];
      const url = await started(startFixture);
      const { exitCode, text } = await conformance(url, stale, ["--scenario", "ping"]);
      expect(exitCode).toBe(1);
      expect(text).toContain("Stale baseline entries");
    },
    limit,
  );

  test("every expected failure has a reason", async () => {
    for (const file of new Set(targets.map((each) => each.baseline))) {
      for (const { because, says, scenarios } of await baseline(file)) {
        expect([because.length > 20, says !== "", scenarios.length > 0]).toEqual([true, true, true]);
      }
    }
  });
});
