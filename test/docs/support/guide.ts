/** Where an entry of the guide was seen. */
export interface Proof {
  /** A file of test/rehearsal, or a path below test/. */
  file: string;
  /** The title of a test in it, or of a group of tests. */
  title: string;
}

/** An entry of the troubleshooting guide. */
export interface Entry {
  title: string;
  /** Each text that people see, verbatim. */
  symptoms: string[];
  /** Commands that show more. */
  commands: string[];
  proofs: Proof[];
}

/** The entries of the guide: one for each heading of the third level. */
export function entriesOf(markdown: string): Entry[] {
  return markdown
    .split(/^(?=#{2,3} )/m)
    .filter((part) => part.startsWith("### "))
    .map((part) => {
      const [heading = ""] = part.split("\n", 1);
      const prose = part.replaceAll(/^```.*?^```$/gms, "").replaceAll(/\s+/g, " ");
      return {
        title: heading.slice(4),
        symptoms: blocks(part, "text"),
        commands: blocks(part, "sh"),
        proofs: [...prose.matchAll(/`([\w/]+\.test\.ts)`, "([^"]+)"/g)].map(([, file = "", title = ""]) => ({
          file,
          title,
        })),
      };
    });
}

function blocks(markdown: string, kind: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, body = ""]) => body,
  );
}
