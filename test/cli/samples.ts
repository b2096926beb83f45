import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A command in a document with what it prints. */
export interface Sample {
  args: string[];
  output: string;
}

/** The blocks of a kind in a document, and the commands of an npm script with the output that follows each. */
export async function samplesOf(document: string, script: string) {
  const text = await readFile(join(import.meta.dirname, "../../docs", document), "utf8");
  const blocks = (kind: string) =>
    [...text.matchAll(new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``, "g"))].map(([, body = ""]) => body);
  const pattern = new RegExp(
    `\`\`\`bash\nnpm run ${script} -- ([^\`]+)\`\`\`\n\n\`\`\`text\n([^]*?)\`\`\``,
    "g",
  );
  const samples: Sample[] = [...text.matchAll(pattern)].map(([, command = "", output = ""]) => ({
    args: [...command.replaceAll("\\\n", " ").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, plain]) => double ?? single ?? plain ?? "",
    ),
    output,
  }));
  return { text, blocks, samples };
}
