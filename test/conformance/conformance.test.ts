import { describe, expect, test } from "vitest";
import { startFixture } from "./fixture/server.ts";
import { baseline, conformance, type ExpectedFailures } from "./support/suite.ts";
import { targets } from "./support/targets.ts";

/** A tool that starts a program of its own, on a machine that has other things to do. */
const limit = 60_000;

describe("the official conformance suite", () => {
  test.for(targets)(
    "$name fails at nothing but what $baseline lists",
    { timeout: limit },
    async ({ start, baseline: file }, { expect }) => {
      const expected = await baseline(file);
      const server = await start();
      const { exitCode, text, failures } = await conformance(server.url, expected).finally(server.close);
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
  );

  test("an expected failure that doesn't happen is a failure", { timeout: limit }, async () => {
    const stale: ExpectedFailures[] = [{ because: "it is made up", says: "", scenarios: ["ping"] }];
    const server = await startFixture();
    const ran = conformance(server.url, stale, ["--scenario", "ping"]);
    const { exitCode, text } = await ran.finally(server.close);
    expect(exitCode).toBe(1);
    expect(text).toContain("Stale baseline entries");
  });

  test("every expected failure has a reason", async () => {
    for (const file of new Set(targets.map((each) => each.baseline))) {
      for (const { because, says, scenarios } of await baseline(file)) {
        expect([because.length > 20, says !== "", scenarios.length > 0]).toEqual([true, true, true]);
      }
    }
  });
});
