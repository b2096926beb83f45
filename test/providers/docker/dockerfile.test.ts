import { describe, expect, it } from "vitest";
import {
  commandOf,
  expand,
  instructionsOf,
  wordsOf,
} from "../../../rehearsal/providers/docker/dockerfile.ts";

describe("instructionsOf", () => {
  it("joins lines that go on, without comments and empty lines between them", () => {
    const text = '# syntax\nfrom a AS b\nRUN one \\\n  # not a command\n\n  && two\r\nCMD ["x"]\n';
    expect(instructionsOf(text).map(({ keyword, rest }) => [keyword, rest.replace(/\s+/g, " ")])).toEqual([
      ["FROM", "a AS b"],
      ["RUN", "one && two"],
      ["CMD", '["x"]'],
    ]);
  });

  it("tells flags apart", () => {
    expect(instructionsOf("COPY --from=build --chown=1:1 --link a b/")).toEqual([
      { keyword: "COPY", flags: { from: "build", chown: "1:1", link: "true" }, rest: "a b/" },
    ]);
  });

  it("takes no line of a here-document for an instruction", () => {
    expect(instructionsOf("RUN <<EOF\nUSER root\nEOF\nUSER 1").map(({ keyword }) => keyword)).toEqual([
      "RUN",
      "USER",
    ]);
  });
});

describe("expand", () => {
  it.each([
    [`$A/\${A}`, "1/1"],
    [`\${B:-else}`, "else"],
    [`\${A:-else}`, "1"],
    [`\${A:+yes}\${B:+no}`, "yes"],
    ["\\$A $B.", "$A ."],
  ])("%s is %s", (text, expected) => {
    expect(expand(text, { A: "1" })).toBe(expected);
  });
});

it("reads words as a shell separates them, or as a JSON list", () => {
  expect(wordsOf('a "b c" d=\'e f\'"g" h')).toEqual(["a", "b c", "d=e fg", "h"]);
  expect(wordsOf('["a b", "c"]')).toEqual(["a b", "c"]);
});

it("has a shell run a command that is no list", () => {
  expect(commandOf('["node", "main.ts"]')).toEqual(["node", "main.ts"]);
  expect(commandOf("node main.ts")).toEqual(["/bin/sh", "-c", "node main.ts"]);
});
