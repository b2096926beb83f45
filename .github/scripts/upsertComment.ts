/**
 * Puts a comment on a pull request, in the place of the one with the same first line that was put there before.
 *
 *   node .github/scripts/upsertComment.ts --create | --update --issue 12 --file comment.md
 *
 * With --update there is no comment where there was none.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gitHub } from "./github.ts";
import { own, type Post } from "./own.ts";

const { values } = parseArgs({
  options: {
    issue: { type: "string" },
    file: { type: "string" },
    create: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});
const { issue = "", file = "", create, update } = values;
if (!/^\d+$/.test(issue) || file === "" || create === update) {
  throw new Error("--create or --update, --issue <number> and --file <file> are needed");
}
const body = (await readFile(file, "utf8")).trim();
const [marker = ""] = body.split("\n");
if (!/^<!-- [\w:-]+ -->$/.test(marker)) throw new Error(`the first line of ${file} is no marker`);

const github = gitHub();
let before: Post | undefined;
for await (const comment of github.all<Post>(`/issues/${issue}/comments`)) {
  if (own(comment, marker)) {
    before = comment;
    break;
  }
}
if (before === undefined && update) {
  console.log("there is no comment yet, and no need of one");
} else if (before === undefined) {
  await github.request("POST", `/issues/${issue}/comments`, { body });
  console.log("commented");
} else if (before.body?.trim() !== body) {
  await github.request("PATCH", `/issues/comments/${before.id}`, { body });
  console.log("updated the comment");
} else {
  console.log("the comment says so already");
}
