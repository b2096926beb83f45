/** Lays cells out in columns under their headings; the last column is wrapped to the width. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], width = 80): string {
  const gap = 2;
  const last = headings.length - 1;
  const widths = headings
    .slice(0, last)
    .map((heading, column) => Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)));
  const indent = widths.reduce((sum, each) => sum + each + gap, 0);
  const line = (row: readonly string[]) => {
    const head = widths.map((each, column) => (row[column] ?? "").padEnd(each + gap)).join("");
    return wrap(row[last] ?? "", Math.max(20, width - indent))
      .map((text, index) => `${index === 0 ? head : " ".repeat(indent)}${text}`.trimEnd())
      .join("\n");
  };
  return [headings, ...rows].map(line).join("\n");
}

/** Breaks a text at blanks into lines of at most that many characters; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const current = lines.at(-1) ?? "";
    if (current && current.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = current ? `${current} ${word}` : word;
    }
  }
  return lines;
}
