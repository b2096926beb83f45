import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FORMAT, type Summaries, type Summary } from "../../cli/previewComment/summary.ts";
import { BOT, FakeGitHub, PERSON } from "./support/fakeGitHub.ts";
import { file, PATIENT, root, runScript } from "./support/script.ts";

const URL = "https://github.invalid/octo/platform/actions/runs/1";
const MARKER = "<!-- mcpaas-preview:drift-dev -->";
const CLEAN: Summary = {
  stack: "dev",
  ok: true,
  same: 9,
  changes: [],
  vmSizes: [],
  errors: [],
  warnings: [],
};
const DRIFTED: Summary = {
  ...CLEAN,
  changes: [
    {
      kind: "create",
      op: "create",
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: "mcp-default-deny",
      urn: "urn:pulumi:dev::mcpaas::kubernetes:networking.k8s.io/v1:NetworkPolicy::mcp-default-deny",
      properties: [],
      because: [],
      gone: true,
    },
  ],
};

async function report(github: FakeGitHub, summary: Summary | undefined, env: Record<string, string> = {}) {
  const summaries: Summaries = { format: FORMAT, stacks: summary ? [summary] : [] };
  const path = summary ? await file("dev.json", JSON.stringify(summaries)) : join(root, "no-such-file.json");
  const args = ["--stack", "dev", "--summary", path, "--url", URL];
  return runScript("driftIssue.ts", args, { ...(await github.start()), ...env });
}

describe("driftIssue.ts", PATIENT, () => {
  it("opens one issue, keeps it up to date while the drift lasts, and closes it when it is gone", async () => {
    const github = new FakeGitHub(["issues"]);
    expect((await report(github, DRIFTED)).stdout).toMatch(/^opened issue \d+\n$/);
    expect(github.issues).toMatchObject([
      { title: "Drift in the stack dev", state: "open", labels: ["drift"] },
    ]);
    expect(github.issues[0]?.body).toContain("`mcp-default-deny`");
    expect(github.issues[0]?.body).toContain("run the workflow `deploy` for `dev`");

    const worse = { ...DRIFTED, changes: [...DRIFTED.changes, ...DRIFTED.changes] };
    expect((await report(github, worse)).stdout).toMatch(/^updated issue \d+\n$/);
    expect(github.issues).toHaveLength(1);

    expect((await report(github, CLEAN)).stdout).toMatch(/^no drift any more: closed issue \d+\n$/);
    expect(github.issues).toMatchObject([{ state: "closed", state_reason: "completed" }]);
    expect(github.comments).toMatchObject([{ body: `The drift is gone: ${URL}` }]);

    // The next drift is a new story.
    await report(github, DRIFTED);
    expect(github.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
  });

  it("knows its issue also when somebody has taken the label off", async () => {
    const github = new FakeGitHub(["issues"]);
    await report(github, DRIFTED);
    for (const issue of github.issues) issue.labels = [];
    expect((await report(github, DRIFTED)).stdout).toMatch(/^updated issue \d+\n$/);
    expect((await report(github, CLEAN)).stdout).toMatch(/^no drift any more: closed issue \d+\n$/);
    expect(github.issues).toMatchObject([{ state: "closed" }]);
  });

  it("does nothing while there is no drift", async () => {
    const github = new FakeGitHub(["issues"]);
    expect(await report(github, CLEAN)).toMatchObject({ code: 0, stdout: "no drift\n" });
    expect(github.asked).toEqual(["GET /issues"]);
  });

  it.each([
    ["failed", { ...CLEAN, ok: false, errors: ["no access"] }],
    ["told nothing", undefined],
  ])("leaves everything as it is when the refresh %s", async (_, summary) => {
    const github = new FakeGitHub(["issues"]);
    await report(github, DRIFTED);
    github.asked.length = 0;
    const ran = await report(github, summary);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("the refresh of dev failed, so nothing is known of its drift");
    expect(github.asked).toEqual([]);
  });

  it("takes neither a person's issue, nor a pull request, nor another stack's for its own", async () => {
    const github = new FakeGitHub(["issues"]);
    const others = [
      { number: 1, title: "x", body: MARKER, state: "open" as const, labels: ["drift"], user: PERSON },
      {
        number: 2,
        title: "x",
        body: MARKER,
        state: "open" as const,
        labels: ["drift"],
        user: BOT,
        pull_request: {},
      },
      {
        number: 3,
        title: "x",
        body: "<!-- mcpaas-preview:drift-prod -->",
        state: "open" as const,
        labels: ["drift"],
        user: BOT,
      },
    ];
    github.issues.push(...others.map((each) => ({ ...each })));
    expect((await report(github, CLEAN)).stdout).toBe("no drift\n");
    expect(github.issues).toEqual(others);
  });

  it("stays within what an issue may have, however much has drifted", async () => {
    const github = new FakeGitHub(["issues"]);
    const [change] = DRIFTED.changes;
    const changes = Array.from({ length: 3000 }, () => change as Summary["changes"][number]);
    expect((await report(github, { ...DRIFTED, changes })).code).toBe(0);
    expect(Buffer.byteLength(github.issues[0]?.body ?? "")).toBeLessThanOrEqual(65_536);
    expect(github.issues[0]?.body).toContain("are left out here");
    expect(github.issues[0]?.body).toContain("To put it back");
  });
});
