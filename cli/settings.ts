import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { exitCodes, UserError } from "./userError.ts";

const marks = { begin: "<!-- settings -->", end: "<!-- /settings -->" };

/** `mcpaas settings`: every setting of a stack with its meaning, allowed values, default and an example. */
export function settingsCommand(): Command {
  return new Command("settings")
    .description("Print the table of all settings in Markdown.")
    .option("--write <file>", `put it between ${marks.begin} and ${marks.end} of a file`)
    .action(async ({ write }: { write?: string }) => {
      // The schema brings Pulumi's SDK: three seconds and 100 MiB that no other command should pay for.
      const { settingsMarkdown } = await import("../stacks/settings/table.ts");
      if (write === undefined) {
        console.log(settingsMarkdown());
        return;
      }
      const text = await readFile(write, "utf8");
      if (between(text) === undefined) {
        throw new UserError(`${write} has no ${marks.begin} followed by ${marks.end}`, exitCodes.usage);
      }
      await writeFile(write, withSettings(text, settingsMarkdown()));
    });
}

/** The text that stands between the marks now, or nothing when a mark is missing. */
export function between(text: string): string | undefined {
  const [from, to] = [text.indexOf(marks.begin), text.indexOf(marks.end)];
  return from < 0 || to < from ? undefined : text.slice(from + marks.begin.length, to);
}

function withSettings(text: string, table: string): string {
  const [from, to] = [text.indexOf(marks.begin), text.indexOf(marks.end)];
  return `${text.slice(0, from)}${marks.begin}\n\n${table}\n\n${text.slice(to)}`;
}
