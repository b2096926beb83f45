import { describe, expect, test } from "vitest";
import { logged, runs } from "../support/model.ts";
import { ended } from "../support/objects.ts";
import { about, cause, causesOf, commandsOf, evidenceOf, together } from "../support/snapshots.ts";

describe("crash loop", () => {
  test("with the last lines that tell of an error", () => {
    const lines = [
      ...Array.from({ length: 30 }, (_, i) => `INFO ${i}`),
      "ValueError: unknown option --foo",
      "INFO bye",
    ];
    const subject = about("workspace/phi", together(runs([ended("phi", 2)]), logged(...lines)));
    expect(causesOf(subject)).toEqual(["crash-loop"]);
    expect(evidenceOf("crash-loop", subject)).toContain("ValueError: unknown option --foo");
    expect(evidenceOf("crash-loop", subject)).not.toContain("INFO");
    expect(commandsOf("crash-loop", subject)[0]).toBe("kubectl -n models logs phi-0 -c phi --previous");
  });

  test("with the last lines, when none does", () => {
    const subject = about("workspace/phi", together(runs([ended("phi", 127)]), logged("a", "b")));
    expect(cause("crash-loop", subject).summary).toContain("its program wasn't found in the image");
    expect(evidenceOf("crash-loop", subject)).toMatch(/log of phi \| a\n.*log of phi \| b$/);
  });

  test("says that the log couldn't be read", () => {
    const logs = [
      {
        namespace: "models",
        pod: "phi-0",
        container: "phi",
        previous: true,
        lines: [],
        message: "forbidden",
      },
    ];
    expect(evidenceOf("crash-loop", about("workspace/phi", { ...runs([ended("phi", 1)]), logs }))).toContain(
      "not read: forbidden",
    );
  });

  test("isn't one that has recovered", () => {
    const recovered = {
      name: "phi",
      ready: true,
      restartCount: 3,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1 } },
    };
    expect(causesOf(about("workspace/phi", runs([recovered])))).not.toContain("crash-loop");
  });
});
