import { InvalidArgumentError } from "commander";

/** A parser of flags that take a whole number of at least that much. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return value;
  };
}

/** Parses a flag that takes a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError("It must be a number above 0.");
  }
  return value;
}

const seconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Parses a flag that takes a time such as 500ms, 90s, 5m or 1h; gives seconds. A number alone is of seconds. */
export function duration(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)(|ms|s|m|h)$/.exec(text) ?? [];
  const value = Number(digits) * (seconds[unit || "s"] ?? 1);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a time such as 90s or 5m, above 0.");
  return value;
}

/** Parses a flag that takes items separated by commas. */
export function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

/** Parses a flag that takes a text with something in it. */
export function words(text: string): string {
  if (text.trim() === "") {
    throw new InvalidArgumentError("It must not be empty.");
  }
  return text;
}

const units: Record<string, number> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Parses a flag that takes a size in bytes, KiB, MiB or GiB, and is at least 1 and at most 256 MiB or that much. */
export function size(most = 2 ** 28): (text: string) => number {
  return (text) => {
    const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?) ?(|KiB|MiB|GiB)$/.exec(text) ?? [];
    const bytes = Math.floor(Number(digits) * (units[unit] ?? 1));
    if (digits === "" || bytes < 1 || bytes > most) {
      throw new InvalidArgumentError(`It must be a size such as 512KiB or 4MiB, up to ${asSize(most)}.`);
    }
    return bytes;
  };
}

/** A number of bytes as people read it. */
export function asSize(bytes: number): string {
  const [unit, factor] = Object.entries(units).findLast(([, each]) => bytes >= each) ?? ["", 1];
  const value = bytes / factor;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${unit || "bytes"}`;
}
