import type { Progress } from "../progress.ts";
import { visible } from "../visible.ts";
import { answerText } from "./print.ts";

/** Where an answer is shown while it comes. */
export interface Output {
  text(text: string): void;
  doing(what: string): void;
}

/** An output that knows where the cursor is. */
export interface Screen extends Output {
  /** Takes the progress away, and ends the line; tells whether any of the answer was shown. */
  end(): boolean;
}

/**
 * Shows an answer and what is being done for it, on the same terminal. The progress takes the cursor's line for
 * itself: text that stands there, as what a model says before it calls a tool, has its line ended first.
 *
 * @param stdout gets the answer; undefined shows none of it
 */
export function screenOn(stdout: { write(text: string): unknown } | undefined, bar: Progress): Screen {
  let shown = false;
  let atStart = true;
  const endLine = () => {
    if (!atStart) stdout?.write("\n");
    atStart = true;
  };
  return {
    text(text) {
      if (stdout === undefined || text === "") return;
      bar.end();
      stdout.write(answerText(text));
      shown = true;
      atStart = text.endsWith("\n");
    },
    doing(what) {
      endLine();
      bar.show(() => visible(what));
    },
    end() {
      bar.end();
      endLine();
      return shown;
    },
  };
}
