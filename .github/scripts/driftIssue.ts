/**
 * Opens an issue when a stack has drifted, keeps it up to date, and closes it when the drift is gone. A stack whose
 * refresh failed says nothing of drift: its issue stays as it is, and this ends with 1.
 *
 *   node .github/scripts/driftIssue.ts --stack dev --summary dev.json --url https://...
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { commentOf, markerOf } from "../../cli/previewComment/comment.ts";
import { summaryOf } from "../../cli/previewComment/summary.ts";
import { gitHub } from "./github.ts";
import { AUTHOR, own, type Post } from "./own.ts";

const LABEL = "drift";
const { values } = parseArgs({
  options: { stack: { type: "string" }, summary: { type: "string" }, url: { type: "string" } },
});
const { stack = "", summary: file = "", url = "" } = values;
if (!/^[\w.-]+$/.test(stack) || file === "" || !url.startsWith("https://")) {
  throw new Error("--stack <name>, --summary <file> and --url <address> are needed");
}

const text = await readFile(file, "utf8").catch(() => "");
const summary = text === "" ? undefined : summaryOf(stack, text, file);
if (!summary?.ok) {
  console.error(`the refresh of ${stack} failed, so nothing is known of its drift: ${url}`);
  process.exit(1);
}

const github = gitHub();
const key = `drift-${stack}`;
let issue: Post | undefined;
// Not by the label: that is for people, and one of them may take it off.
for await (const each of github.all<Post>(`/issues?state=open&creator=${encodeURIComponent(AUTHOR)}`)) {
  if (each.pull_request === undefined && own(each, markerOf(key))) {
    issue = each;
    break;
  }
}
const advice = [
  "What is there differs from what the stack's state says. Either somebody changed it by hand, or Azure did.",
  `- To put it back: run the workflow \`deploy\` for \`${stack}\`.`,
  "- To keep it: change the settings to the same, then deploy; a refresh alone is undone by the next deployment.",
].join("\n");
const body = `${commentOf([summary], { key, url, reserve: advice.length + 2 })}\n\n${advice}`;
if (summary.changes.length === 0) {
  if (issue !== undefined) {
    await github.request("POST", `/issues/${issue.number}/comments`, { body: `The drift is gone: ${url}` });
    await github.request("PATCH", `/issues/${issue.number}`, { state: "closed", state_reason: "completed" });
  }
  console.log(issue === undefined ? "no drift" : `no drift any more: closed issue ${issue.number}`);
} else if (issue === undefined) {
  const made = await github.request<Post>("POST", "/issues", {
    title: `Drift in the stack ${stack}`,
    body,
    labels: [LABEL],
  });
  console.log(`opened issue ${made.number}`);
} else {
  await github.request("PATCH", `/issues/${issue.number}`, { body });
  console.log(`updated issue ${issue.number}`);
}
