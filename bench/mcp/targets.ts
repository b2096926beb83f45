import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ieCommit } from "../../servers/innovation-engine/engine/binary.ts";

/** A call that is measured. */
export interface ToolCall {
  tool: string;
  args: object;
  /** A text that every answer must hold. */
  expected: string;
  /** The most that half of the calls through the guard may take, in milliseconds. @default - no such limit */
  mostP50?: number;
}

/** A server that is measured. */
export interface Target {
  /** Its folder below `servers`. */
  server: string;
  env: Record<string, string>;
  calls: [ToolCall, ...ToolCall[]];
}

/** What is measured; `folder` gets the files that servers need. */
export async function targets(folder: string): Promise<Target[]> {
  const echo: ToolCall = { tool: "echo", args: { message: "hello" }, expected: "Echo: hello" };
  const [name, title] = ["document-7", "The seventh document"];
  return [
    { server: "echo", env: {}, calls: [echo] },
    {
      server: "innovation-engine",
      env: {
        IE_PATH: await engineThatOnlyTellsItsVersion(folder),
        CATALOGUE_DIR: await catalogue(folder),
        WORK_DIR: folder,
      },
      calls: [
        { tool: "inspect_document", args: { name }, expected: "echo line 7", mostP50: MOST_P50 },
        { tool: "list_catalogue", args: {}, expected: title, mostP50: MOST_P50 },
        { tool: "search_catalogue", args: { query: "seventh" }, expected: title, mostP50: MOST_P50 },
      ],
    },
  ];
}

const MOST_P50 = 300;
const DOCUMENTS = 50;

/** None of the calls that are measured starts `ie`; the server only looks at its version before it begins. */
async function engineThatOnlyTellsItsVersion(folder: string): Promise<string> {
  const path = join(folder, "ie");
  await writeFile(path, `#!/bin/sh\necho 'Version: bench'\necho 'Commit: ${ieCommit}'\n`);
  await chmod(path, 0o755);
  return path;
}

async function catalogue(folder: string): Promise<string> {
  const path = join(folder, "catalogue");
  await mkdir(path);
  for (let number = 1; number <= DOCUMENTS; number += 1) {
    const title = number === 7 ? "The seventh document" : `Document ${number}`;
    const blocks = Array.from(
      { length: 10 },
      (_, step) => `## Step ${step}\n\n\`\`\`bash\nexport STEP=${step}\necho line ${number}\n\`\`\`\n`,
    );
    await writeFile(
      join(path, `document-${number}.md`),
      `# ${title}\n\nWhat it does.\n\n${blocks.join("\n")}`,
    );
  }
  return path;
}
