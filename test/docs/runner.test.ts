import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { fromGo, matches } from "../../rehearsal/docs/compare.ts";
import { fixSample } from "../../rehearsal/docs/fix.ts";
import { planOf } from "../../rehearsal/docs/plan.ts";
import { checkShare, type DocsOptions, differenceLines, runDocuments } from "../../rehearsal/docs/run.ts";
import { changesSince, pathOf, settingsIn, stampOf } from "../../rehearsal/docs/stamps.ts";
import { parseTutorial } from "../../rehearsal/docs/tutorials.ts";
import type { Running } from "../../rehearsal/environment.ts";
import { Report } from "../../rehearsal/report.ts";

const front = (order: number, needs: string[] = []) => `---
purpose: It tests.
order: ${order}
needs: [${needs.join(", ")}]
entry: [bash]
minutes: 1
usdPerHour: 0
cost: Nothing.
---

# A document
`;
const bash = (text: string) => `\n\`\`\`bash\n${text}\n\`\`\`\n`;
const prints = (expected: string, sample: string) =>
  `\n<!-- expected_similarity=${expected} -->\n\n\`\`\`text\n${sample}\n\`\`\`\n`;
const tutorial = (name: string, body: string, order = 1, needs: string[] = []) =>
  parseTutorial(front(order, needs) + body, `/docs/${name}.md`, name);

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "docs-runner-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

/** Runs a document's text with nothing around it but a shell. */
async function run(body: string, options: Partial<DocsOptions> = {}) {
  const dir = await folder();
  await mkdir(join(dir, "logs"));
  const path = join(dir, "doc.md");
  await writeFile(path, front(1) + body);
  const running = {
    dir,
    project: dir,
    env: { PATH: process.env["PATH"] },
    environment: { kubeconfig: "", serviceProxy: "", prometheus: "", variables: {} },
    failed: new Promise<never>(() => undefined),
    entrust: () => undefined,
  } as unknown as Running;
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  const parts = planOf([parseTutorial(await readFile(path, "utf8"), path, "doc")]);
  const report = new Report(stream);
  const { signal } = new AbortController();
  const result = await runDocuments(parts, { running, report, signal, ...options });
  return { result, text: () => readFile(path, "utf8"), dir };
}

describe("a document is run as ie runs it", () => {
  it("passes variables and the folder on, with the names that are the run's own", async () => {
    const { result, dir } = await run(
      `${bash('export A="1 2\n3"\ncd docs')}${bash('echo "$A $HASH $(basename "$PWD")"')}${prints("1.0", "1 2\n3 d0c5 docs")}`,
    );
    expect(result.differences).toEqual([]);
    expect(result).toMatchObject({ ok: true, documents: [{ name: "doc", ran: 2, cloudOnly: [] }] });
    expect(dir).toBeTruthy();
  });

  it("ends a block at its first command that fails, and the run with it", async () => {
    const { result } = await run(`${bash("echo before\nfalse\necho after")}${bash("touch never")}`);
    expect(result.ok).toBe(false);
    expect(result.differences).toMatchObject([{ got: "exit code 1\nbefore\n" }]);
    expect(result.documents).toMatchObject([{ ran: 0 }]);
  });

  it("stops at the first difference, and tells both texts and where it is", async () => {
    const { result } = await run(
      `${bash("echo good")}${prints("1.0", "good")}${bash("echo got")}${prints("1.0", "wanted")}${bash("touch never")}`,
    );
    expect(result.documents).toMatchObject([{ ran: 1 }]);
    const [difference] = result.differences;
    expect(difference?.place).toMatch(/doc\.md:23$/);
    const lines = difference ? differenceLines(difference) : [];
    expect(lines.slice(2)).toEqual(["  echo got", "expected", "  wanted", "got", "  got"]);
  });

  it("tells all differences, if it is to go on", async () => {
    const body = `${bash("echo a")}${prints("1.0", "b")}${bash("echo c")}${prints('"^d"', "d")}${bash("true")}`;
    const { result } = await run(body, { goOn: true });
    expect(result.ok).toBe(false);
    expect(result.differences.map(({ got }) => got)).toEqual(["a\n", "c\n"]);
    expect(result.documents).toMatchObject([{ ran: 1 }]);
  });

  it("leaves out what is for the cloud only, and tells why", async () => {
    const { result } = await run(`\n<!-- cloud-only: no clouds here -->${bash("exit 1")}${bash("true")}`);
    expect(result).toMatchObject({
      ok: true,
      documents: [{ ran: 1, cloudOnly: [{ reason: "no clouds here" }] }],
    });
  });

  it("writes what is printed where another text was expected, but for patterns and failures", async () => {
    const good = `${bash("echo b")}${prints("1.0", "b")}`;
    const wrong = `${bash("echo c")}${prints("1.0", "b")}`;
    const pattern = `${bash("echo e")}${prints('"^d"', "d")}`;
    const { result, text } = await run(good + wrong + pattern, { fix: fixSample, goOn: true });
    expect(result.fixed).toHaveLength(1);
    expect(result.differences).toMatchObject([{ got: "e\n" }]);
    expect(await text()).toBe(front(1) + good + wrong.replace("\nb\n", "\nc\n") + pattern);
  });
});

describe("the order of a run", () => {
  const cleaned = (name: string, order: number, needs: string[], body = "") =>
    tutorial(name, `${body}\n## Steps\n${bash("true")}\n## Cleanup\n${bash("true")}`, order, needs);
  const all = [
    tutorial("base", `\n## Steps\n${bash("true")}`),
    cleaned("a", 2, ["base"], "\n## Prerequisites\n\n[base](base.md)\n"),
    cleaned("b", 3, ["a"], "\n## Prerequisites\n\n[base](base.md), [a](a.md#steps)\n"),
    cleaned("c", 4, ["b"]),
    cleaned("d", 5, ["base"]),
  ];
  const told = (names?: string[]) =>
    planOf(all, names).map(({ tutorial: { name }, kind }) => (kind === "cleanup" ? `-${name}` : name));

  it("cleans up when nothing that comes later builds on it, the last one first", () => {
    expect(told()).toEqual(["base", "a", "b", "c", "-c", "-b", "-a", "d", "-d"]);
  });

  it("takes what ie would take for a chosen one, and no more", () => {
    expect(told(["b"])).toEqual(["base", "b", "-b"]);
  });

  it("knows no other document", () => {
    expect(() => told(["x"])).toThrow("there is no document x");
  });
});

describe("what a document expects", () => {
  it("is a text to the letter, or a pattern of Go's", () => {
    const text = { language: "text", content: "a\n", similarity: 1 };
    expect([matches(text, "a\n"), matches(text, "a")]).toEqual([true, false]);
    expect(matches({ ...text, regex: "^b" }, "b")).toBe(true);
    expect(() => matches({ ...text, similarity: 0.8 }, "a\n")).toThrow("only 1 and patterns");
    expect(fromGo("(?s)a.b").test("a\nb")).toBe(true);
    expect(fromGo("a.b").test("a\nb")).toBe(false);
  });
});

describe("what is refused", () => {
  it("is front matter that lacks something", () => {
    expect(() => parseTutorial("---\npurpose: x\n---\n\n# A\n", "/a.md", "a")).toThrow(/order/);
  });

  it("is more than one block of ten for the cloud only", () => {
    const { blocks } = tutorial("a", `${bash("true").repeat(9)}\n<!-- cloud-only: why -->${bash("true")}`);
    expect(() => checkShare(blocks)).not.toThrow();
    expect(() => checkShare(blocks.slice(1))).toThrow("1 of 9 blocks are for the cloud only");
  });
});

describe("a stamp", () => {
  const body = bash("pulumi config set --path mcpaas:ingress.enabled true\nnpm run -s cost");
  const now = stampOf(tutorial("a", body));

  it("is stale when a command, a setting, a script or a version has changed, and says which", () => {
    expect(changesSince(now, now)).toEqual([]);
    expect(changesSince(undefined, now)).toEqual(["it was never run"]);
    expect(changesSince(now, stampOf(tutorial("a", `Other prose.\n${body}`)))).toEqual([]);
    expect(changesSince(now, stampOf(tutorial("a", body.replace("true", "false"))))).toEqual([
      "its commands or what it expects of them",
    ]);
    expect(changesSince({ ...now, settings: "", scripts: "" }, now)).toEqual([
      "settings that it uses",
      "npm scripts that it uses",
    ]);
    expect(changesSince({ ...now, versions: { ...now.versions, "cert-manager": "1.0.0" } }, now)).toEqual([
      expect.stringMatching(/^cert-manager: 1\.0\.0 is now \d/),
    ]);
  });

  it("knows settings by their paths", () => {
    expect(settingsIn('"mcpaas:a.b[0].c=x" mcpaas:a.callers.$NAME.roles[0] mcpaas:d')).toEqual([
      "a.b[0].c",
      "a.callers",
      "d",
    ]);
    expect(pathOf("a.b[0].c")).toEqual(["a", "b", 0, "c"]);
  });
});
