import { appendFileSync } from "node:fs";

/** Hands values to later steps of a job; without GitHub they are printed. */
export function output(values: Readonly<Record<string, string>>): void {
  const lines = Object.entries(values).map(([name, value]) => {
    if (value.includes("\n")) throw new Error(`${name} has more than one line`);
    return `${name}=${value}\n`;
  });
  const file = process.env["GITHUB_OUTPUT"];
  if (file) appendFileSync(file, lines.join(""));
  process.stdout.write(lines.join(""));
}
