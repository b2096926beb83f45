import { describe, expect, it } from "vitest";
import { BOT, FakeGitHub, PERSON } from "./support/fakeGitHub.ts";
import { file, PATIENT, runScript } from "./support/script.ts";

const MARKER = "<!-- mcpaas-preview:default -->";

async function upsert(
  github: FakeGitHub,
  body: string,
  env: Record<string, string> = {},
  flag: "--create" | "--update" = "--create",
) {
  const path = await file("comment.md", body);
  return runScript("upsertComment.ts", [flag, "--issue", "7", "--file", path], {
    ...(await github.start()),
    ...env,
  });
}

describe("upsertComment.ts", PATIENT, () => {
  it("comments once, and then updates what it wrote, on whatever page that is", async () => {
    const github = new FakeGitHub(["pull_requests"]);
    for (let id = 1; id <= 150; id += 1) github.comments.push({ id, issue: 7, body: "hm", user: PERSON });
    expect(await upsert(github, `${MARKER}\nfirst`)).toMatchObject({ code: 0, stdout: "commented\n" });
    expect(await upsert(github, `${MARKER}\nsecond`)).toMatchObject({
      code: 0,
      stdout: "updated the comment\n",
    });
    expect(github.comments.filter(({ user }) => user === BOT)).toMatchObject([
      { issue: 7, body: `${MARKER}\nsecond` },
    ]);
  });

  it("doesn't begin to comment where there is nothing to say, but corrects what was said", async () => {
    const github = new FakeGitHub(["pull_requests"]);
    expect((await upsert(github, `${MARKER}\nnone`, {}, "--update")).code).toBe(0);
    expect(github.comments).toEqual([]);
    await upsert(github, `${MARKER}\nmuch`);
    await upsert(github, `${MARKER}\nnone`, {}, "--update");
    expect(github.comments).toMatchObject([{ body: `${MARKER}\nnone` }]);
  });

  it("leaves a comment that says the same already", async () => {
    const github = new FakeGitHub(["pull_requests"]);
    await upsert(github, `${MARKER}\nfirst\n`);
    github.asked.length = 0;
    expect((await upsert(github, `${MARKER}\nfirst`)).code).toBe(0);
    expect(github.asked).toEqual(["GET /issues/7/comments"]);
  });

  it("never touches what a person wrote, even with the marker, nor another preview's comment", async () => {
    const github = new FakeGitHub(["pull_requests"]);
    const theirs = [
      { id: 1, issue: 7, body: `${MARKER}\nmine`, user: PERSON },
      { id: 2, issue: 7, body: `I saw ${MARKER}`, user: BOT },
      { id: 3, issue: 7, body: "<!-- mcpaas-preview:other -->\nother", user: BOT },
      {
        id: 5,
        issue: 7,
        body: `${MARKER}\nanother app's`,
        user: { login: "renovate[bot]", type: "Bot" as const },
      },
      { id: 4, issue: 8, body: `${MARKER}\nanother pull request`, user: BOT },
    ];
    github.comments.push(...theirs.map((each) => ({ ...each })));
    await upsert(github, `${MARKER}\nnew`);
    expect(github.comments.slice(0, theirs.length)).toEqual(theirs);
    expect(github.comments).toHaveLength(theirs.length + 1);
  });

  it("says which permission is missing", async () => {
    const ran = await upsert(new FakeGitHub([]), `${MARKER}\nfirst`);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("GitHub answers 403 to POST /issues/7/comments");
    expect(ran.stderr).toContain("pull-requests: write");
  });

  it.each([
    ["no token", `${MARKER}\nx`, { GITHUB_TOKEN: "" }, "GITHUB_TOKEN is not set"],
    ["a text without a marker", "hello", {}, "is no marker"],
  ])("ends with an error for %s", async (_, body, env, words) => {
    const github = new FakeGitHub(["pull_requests"]);
    const ran = await upsert(github, body, env as Record<string, string>);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(words);
    expect(github.comments).toEqual([]);
  });
});
