/**
 * Where a text stops being JSON. The engine's messages tell it for some mistakes only, so it is looked for: the
 * beginning of a text can still become JSON up to the mistake, and never behind it.
 */
export function positionOfError(text: string): number {
  let [least, most] = [0, text.length + 1];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (isHopeless(text.slice(0, middle))) most = middle;
    else least = middle + 1;
  }
  return Math.min(least - 1, text.length);
}

/** Whether nothing that could follow would make it JSON. */
function isHopeless(start: string): boolean {
  try {
    JSON.parse(start);
    return false;
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    if (position !== undefined) return Number(position) < start.length;
    return !message.includes("end of JSON input");
  }
}

/** JSON for people and programs; what would steer a terminal stands escaped in its strings, and means the same. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/[\u007f-\u009f]|\p{Cf}/gu, (each) =>
    each
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
