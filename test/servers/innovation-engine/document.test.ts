import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../servers/innovation-engine/document/document.ts";
import { exportStep, stepsOf } from "../../../servers/innovation-engine/document/scenario.ts";

const fence = (language: string, content: string) => `\`\`\`${language}\n${content}\n\`\`\`\n`;
const contents = (source: string) => parseDocument(source).blocks.map(({ content }) => content);

/** Rules of ie at a602e83, which the build of that commit was seen to follow on 2,498 of 2,499 Markdown files. */
describe("blocks of a document", () => {
  it("are the fenced ones of four languages, in lists and quotes too", () => {
    const source = [
      fence("bash", "one"),
      fence("sh", "not"),
      fence("azurecli", "two"),
      fence("azurecli-interactive", "three"),
      fence("terraform", "four"),
      "    indented, not",
      "",
      "- item\n\n  ```bash\n  five\n  ```\n",
      "> ```bash\n> six\n> ```\n",
      "~~~bash extra words\nseven\n~~~\n",
      "<!--\n```bash\nhidden\n```\n-->\n",
    ].join("\n");
    expect(contents(source)).toEqual(
      ["one", "two", "three", "four", "five", "six", "seven"].map((l) => `${l}\n`),
    );
  });

  it("belong to the heading above, as it is written, and are described by the paragraphs right above", () => {
    const [first, second, third] = parseDocument(
      `# T\n\nIntro *x*.\n\n### Do **this**\n\nLong\nline.\n\n${fence("bash", "a")}\n- tight item\n\n${fence("bash", "b")}\nText.\n\n## H\n\n${fence("bash", "c")}`,
    ).blocks;
    expect(first).toMatchObject({ header: "Do **this**", description: "Intro *x*.\n\nLong\nline." });
    expect(second).toMatchObject({ header: "Do **this**", description: "" });
    expect(third).toMatchObject({ header: "H", description: "" });
  });

  it("expect what stands in the next block of another language after a comment", () => {
    const { blocks } = parseDocument(
      [
        fence("bash", "a"),
        "<!-- expected_similarity=0.8 -->\n",
        fence("json", "{}"),
        fence("bash", "b"),
        '<!-- expected_similarity="^x+$" -->\n',
        fence("", "xx"),
        fence("text", "not expected"),
      ].join("\n"),
    );
    expect(blocks.map(({ expected }) => expected)).toEqual([
      { language: "json", content: "{}\n", similarity: 0.8 },
      { language: "", content: "xx\n", similarity: 0, regex: "^x+$" },
    ]);
  });

  it("are no commands where output is expected, unless they are bash", () => {
    const comment = "<!-- expected_similarity=0.5 -->\n";
    const { blocks } = parseDocument([fence("bash", "a"), comment, fence("azurecli", "b")].join("\n"));
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.expected?.content).toBe("b\n");
  });

  it.each([
    ["x(?=y)", "look-around"],
    ["(x)\\1", "back references"],
    ["(", "no regular expression"],
  ])("end at the pattern %s, which Go can't compile, and say so", (pattern, why) => {
    const source = `${fence("bash", "a")}\n<!-- expected_similarity="${pattern}" -->\n\n${fence("bash", "b")}`;
    expect(contents(source)).toEqual(["a\n"]);
    expect(parseDocument(source).problems).toEqual([expect.stringContaining(why)]);
  });

  it("have no carriage returns, which bash would take for arguments", () => {
    expect(contents(fence("bash", "a\nb").replaceAll("\n", "\r\n"))).toEqual(["a\nb\n"]);
  });
});

describe("a document", () => {
  it("has its first heading of level 1 as title, or none", () => {
    expect(parseDocument("## Two\n\n# One\n\n# More\n").title).toBe("One");
    expect(parseDocument("## Two\n").title).toBeUndefined();
  });

  it("has metadata in front, which ends at a line of dashes", () => {
    const { metadata, title, body } = parseDocument("---\na: {b: [1, x]}\nd: 2026-01-02\n---\n# T\n");
    expect(metadata).toEqual({ a: { b: [1, "x"] }, d: "2026-01-02" });
    expect([title, body]).toEqual(["T", "\n# T\n"]);
  });

  it.each([
    ["---\n: [\n---\n# T\n", "the front matter is not YAML"],
    ["---\n- a\n---\n# T\n", "the front matter is not a YAML mapping"],
    ["---\na: 1\n# T\n", "the front matter has no end"],
  ])("says what is wrong with %j", (source, problem) => {
    expect(parseDocument(source)).toMatchObject({
      metadata: {},
      problems: [expect.stringContaining(problem)],
    });
  });

  it("declares variables in a hidden block, in the file beside it and in its commands, in this order", () => {
    const hidden = "<!--\n```variables\nexport A=1\nexport B=two words\nC=3\n```\n-->\n";
    const source = `${hidden}\n${fence("bash", 'export A=9\nexport D="x" && export E=y; F=1')}`;
    expect(parseDocument(source, "B = ini\n[section]\nG = 7\n").variables).toEqual([
      { name: "A", value: "1", from: "comment" },
      { name: "D", value: '"x"', from: "export" },
      { name: "E", value: "y", from: "export" },
      { name: "B", value: "two words", from: "comment" },
      { name: "G", value: "7", from: "ini" },
    ]);
  });

  it("names prerequisites by links to Markdown files under that heading only", () => {
    const source = [
      "[no](before.md)\n\n## Prerequisites\n",
      "- [a](a.md), [b][ref], <https://example.com/auto.md>, [text](c.txt), [part](d.md#x)\n",
      "### Deeper\n\n[e](https://example.com/e.md)\n\n## After\n\n[no](after.md)\n\n[ref]: b.md\n",
    ].join("\n");
    expect(parseDocument(source).prerequisites).toEqual(["a.md", "b.md", "https://example.com/e.md"]);
  });
});

describe("what hides prerequisites from one parser and not from that of ie", () => {
  const url = "https://example.com/e.md";
  const section = `## Prerequisites\n[a](${url})\n`;

  // Each was seen to be fetched by ie at a602e83 when it was given as it stands here.
  it.each(["x\r```\n", "\uFEFF```\n", "</script>\n"])(
    "isn't left in the text, or what it hides is found: %j",
    (hiding) => {
      const { prerequisites, body } = parseDocument(hiding + section);
      expect(prerequisites).toEqual([url]);
      expect(body).not.toMatch(/[\r\uFEFF]/);
    },
  );

  it("is a second front matter, which ie doesn't take for one behind a blank line", () => {
    const { prerequisites, body } = parseDocument(`---\na: 1\n---\n---\nx: |\n  \`\`\`\n---\n${section}`);
    expect(body).toMatch(/^\n---\n/);
    expect(prerequisites).toEqual([url]);
  });

  it("is an address with more parentheses than one of them takes", () => {
    const odd = `https://example.com/${"(".repeat(40)}${")".repeat(40)}x.md`;
    expect(parseDocument(section.replace(url, odd)).prerequisites).toEqual([odd]);
  });

  it("leaves other links to Markdown files alone", () => {
    const after =
      "## After\n\n[b](https://example.com/b.md) and [c][ref]\n\n[ref]: https://example.com/c.md\n";
    expect(parseDocument(`${section}\n${after}`).prerequisites).toEqual([url]);
    expect(parseDocument("```\n[a](https://example.com/e.md)\n```\n").prerequisites).toEqual([]);
  });
});

describe("steps", () => {
  const doc = (text: string) => parseDocument(text);

  it("join blocks under equal headings, at the place of the first", () => {
    const source = `## A\n\n${fence("bash", "1")}\n## B\n\n${fence("bash", "2")}\n## A\n\n${fence("bash", "3")}`;
    const names = stepsOf(doc(source), []).map(({ name, blocks }) => [
      name,
      blocks.map((b) => b.content.trim()),
    ]);
    expect(names).toEqual([
      ["A", ["1", "3"]],
      ["B", ["2"]],
    ]);
  });

  it("begin with the document's own under Prerequisites, then those of the last prerequisite", () => {
    const own = `## Prerequisites\n\n${fence("bash", "own")}\n## Main\n\n${fence("bash", "main")}`;
    const others = ["first", "last"].map((name) => doc(`## ${name}\n\n${fence("bash", name)}`));
    expect(stepsOf(doc(own), others).map(({ name }) => name)).toEqual([
      "Prerequisites",
      "last",
      "first",
      "Main",
    ]);
  });

  it("begin with one that sets the variables which no block exports", () => {
    const source = doc(`## A\n\n${fence("bash", "export X=1")}`);
    expect(stepsOf(source, [], ["X"]).map(({ name }) => name)).toEqual(["A"]);
    expect(stepsOf(source, [], ["X", "Y"]).map(({ name }) => name)).toEqual([exportStep, "A"]);
  });
});
