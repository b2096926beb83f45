import { describe, expect, it } from "vitest";
import { progressOn } from "../../cli/progress.ts";

function terminal(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
    return true;
  };
  return { stream: { isTTY, columns, write } as unknown as typeof process.stderr, written };
}

describe("progressOn", () => {
  it("rewrites one line now and then, no longer than the terminal is wide, and takes it away", () => {
    const { stream, written } = terminal(true);
    let time = 0;
    const progress = progressOn(stream, {}, () => time);
    for (const [at, text] of [
      [0, "first"],
      [100, "too soon"],
      [250, "a text that is wider than the terminal"],
    ] as const) {
      time = at;
      progress.show(() => text);
    }
    progress.end();
    progress.end();
    const clear = "\r\u001b[2K";
    expect(written).toEqual([`${clear}first`, `${clear}a text that is wide`, clear]);
  });

  it.each([
    ["elsewhere", false, {}],
    ["with NO_COLOR", true, { NO_COLOR: "1" }],
    ["on a dumb terminal", true, { TERM: "dumb" }],
  ])("writes nothing %s", (_, isTTY, environment) => {
    const { stream, written } = terminal(isTTY);
    const progress = progressOn(stream, environment);
    progress.show(() => "text");
    progress.end();
    expect(written).toEqual([]);
  });
});
