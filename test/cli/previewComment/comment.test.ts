import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { commentOf, LIMIT, markerOf } from "../../../cli/previewComment/comment.ts";
import type { Summary } from "../../../cli/previewComment/summary.ts";
import { change, leaks, recorded, summary } from "./support.ts";

/** As GitHub shows it. */
const shown = (markdown: string) =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** The rows of the table below a heading, each as its cells. */
function rows(markdown: string, heading: string): string[][] {
  const lines = markdown.slice(markdown.indexOf(heading)).split("\n");
  const from = lines.findIndex((line) => line.startsWith("| ---"));
  const end = lines.findIndex((line, index) => index > from && !line.startsWith("|"));
  return lines
    .slice(from + 1, end)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
}

describe("a comment", () => {
  it("begins with the line by which it is found again", () => {
    expect(commentOf([recorded("update")]).split("\n")[0]).toBe("<!-- mcpaas-preview:default -->");
    expect(commentOf([], { key: "nightly" }).split("\n")[0]).toBe(markerOf("nightly"));
  });

  it("says in its first words what is lost", () => {
    const head = (...names: string[]) => commentOf(names.map((name) => recorded(name))).split("\n")[2];
    expect(head("update")).toBe("## Preview: no data is lost");
    expect(head("move")).toBe("## Preview: data is lost in 7 resources");
    expect(head("violation")).toBe("## Preview: 1 of 1 failed");
    expect(head("move", "violation")).toBe("## Preview: 1 of 2 failed, data is lost in 7 resources");
    expect(head("drift")).toBe("## Drift: 5 resources differ");
    expect(head()).toBe("## Preview: no stack is affected");
    expect(commentOf([summary({ same: 3 })])).toContain("Nothing changes; 3 resources stay as they are.");
  });

  it("has each stack in one line first, with its cost", () => {
    expect(rows(commentOf([recorded("update"), recorded("violation", "prod")]), "## Preview")).toEqual([
      ["`dev`", "ok", "**3**", "0", "0", "11", "34 advised", "+62.78 to +125.56"],
      ["`prod`", "**failed**", "0", "0", "67", "0", "**2 refused**, 15 advised", "unknown"],
    ]);
  });

  it("has replacements and deletions before all else, and first those that lose data", () => {
    const text = commentOf([recorded("move")]);
    const losses = rows(text, "**Replaced and deleted**");
    expect(losses.slice(0, 7).every((row) => row[3]?.startsWith("**holds data: "))).toBe(true);
    expect(losses.slice(7).some((row) => row[3] !== "")).toBe(false);
    const places = ["**Replaced and deleted**", "**Policies**", "**VM sizes**", "**Cost**", "Updated ("];
    expect(places.map((each) => text.indexOf(each))).toEqual(
      places.map((each) => text.indexOf(each)).toSorted((a, b) => a - b),
    );
    const kinds = rows(commentOf([recorded("delete")]), "**Replaced and deleted**").map(([kind]) => kind);
    expect(kinds).toEqual([...Array(3).fill("replaced"), ...Array(18).fill("deleted")]);
  });

  it("says what is protected, and what stays in place", () => {
    const lost = [
      change({ kind: "delete", name: "a", data: "a volume", protected: true }),
      change({ kind: "delete", name: "b", data: "a volume", retained: true }),
    ];
    const text = commentOf([summary({ changes: lost })]);
    expect(text).toContain("## Preview: no data is lost");
    expect(text).toContain("protected, so that this fails");
    expect(text).toContain("stays in place, out of the stack");
  });

  it("has a policy's verdict with its message, what is refused before what is advised", () => {
    const violation = (level: string) => ({
      level,
      policy: `p-${level}`,
      urn: "u",
      name: "n",
      message: "Why.\nFix.",
    });
    const policies = { packs: {}, violations: [violation("advisory"), violation("mandatory")] };
    const text = commentOf([summary({ ok: false, policies })]);
    expect(text.indexOf("p-mandatory")).toBeLessThan(text.indexOf("p-advisory"));
    expect(text).toContain("- **`mandatory`**: `p-mandatory` on `n`\n\n  ```text\n  Why.\n  Fix.\n  ```");
  });

  it("has advice folded, a rule once with all that it is about", () => {
    const advice = (policy: string, name: string) => ({
      ...{ level: "advisory", policy, urn: `urn-${name}`, name },
      message: `${policy} on ${name}.`,
    });
    const many = Array.from({ length: 20 }, (_, index) => advice("probes", `pod-${index}`));
    const violations = [advice("acr-network", "registry"), ...many];
    const text = commentOf([summary({ policies: { packs: {}, violations } })]);
    const fold = /<details><summary>Advised \(21\)<\/summary>\n\n(.*?)\n\n<\/details>/s.exec(text)?.[1];
    expect(fold?.match(/^- /gm)).toHaveLength(2);
    expect(fold).toContain("- `acr-network` on `registry`\n\n  ```text\n  acr-network on registry.");
    expect(fold).toMatch(/^- `probes` on `pod-0`, .*`pod-11`, 8 more$/m);
    expect(fold?.match(/probes on/g)).toHaveLength(1);
  });

  it("says that policies are unknown rather than that they passed", () => {
    expect(commentOf([summary({ policies: undefined })])).toContain("**Policies**: unknown.");
    expect(commentOf([summary({ policies: { packs: {}, violations: [] } })])).toContain("no pack ran");
  });

  it("has the verdicts that are news, and tells of a size that stays without quota", () => {
    const text = commentOf([recorded("create")]);
    expect(text).toContain("| `gpu` | `Standard_NC24ads_A100_v4` | `family-quota` | `needs 24 vCPUs, 0 left");
    expect(text).toContain("More that would do: `system` 10, `user` 12.");
    expect(commentOf([recorded("kept")])).toContain(
      "- `gpu` stays `Standard_NV36ads_A10_v5`, but `family-quota`",
    );
  });

  it("has an error of many lines as it stands", () => {
    expect(commentOf([recorded("no-quota")])).toContain(
      "What would help:\n  - for Standard_NC24ads_A100_v4: raise Standard NCADSA100v4 Family vCPUs",
    );
  });

  it("names the commit and the run", () => {
    const text = commentOf([summary()], { commit: "0123456789abcdef", url: "https://github.invalid/run/1" });
    expect(text).toContain("of `0123456789ab`, [whole output](https://github.invalid/run/1)");
  });
});

describe("what comes from elsewhere", () => {
  const hostile = [
    "`a`",
    "``",
    "a`",
    "a|b",
    "a\\|`b`",
    "<img src=x onerror=alert(1)>",
    "<!-- mcpaas-preview:default -->",
    "![x](https://evil.invalid/x.png)",
    "[x](javascript:alert(1))",
    "@octocat and #1",
    "</details>\n\n# Approved",
    "**ok**",
    "https://evil.invalid",
    "\\`x\\`",
    "```\n# out\n```",
    "- [x] done",
    "\u202egnp.exe",
    "\u001b[31mred",
  ];

  function everywhere(text: string): Summary {
    return summary({
      ok: false,
      changes: [
        change({ kind: "replace", name: text, type: text, because: [text], data: "a volume" }),
        change({ kind: "update", name: text, properties: [text] }),
        change({ kind: "create", name: text, gone: true }),
      ],
      policies: {
        packs: { [text]: text },
        violations: ["mandatory", "advisory"].map((level) => ({
          ...{ policy: text, level, urn: "u", name: text, message: text },
        })),
      },
      vmSizes: [
        {
          name: "v",
          verified: true,
          pools: [
            {
              pool: text,
              chosen: text,
              verdicts: [{ vmSize: text, code: "ok", reason: text, chosen: true }],
            },
          ],
        },
      ],
      errors: [text],
      warnings: [text],
    });
  }

  /** The page without what stands as code, where nothing has a meaning. */
  const outsideCode = (html: string) =>
    html.replaceAll(/<code[^>]*>[^<]*<\/code>/g, "<code></code>").replaceAll(/<!--[^>]*-->/g, "");

  const calm = outsideCode(shown(commentOf([everywhere("calm")])));

  it.each(hostile)("is code and nothing else: %j", (text) => {
    expect(outsideCode(shown(commentOf([everywhere(text)])))).toBe(calm);
  });

  it("is code and nothing else, whatever it is", { timeout: 60_000 }, () => {
    const piece = fc.constantFrom(...hostile, "`", "|", "\\", "\n", " ", "<", "*", "x", "\r", "\t", "~");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const text = `x${pieces.join("")}`;
        expect(outsideCode(shown(commentOf([everywhere(text)])))).toBe(calm);
      }),
      { numRuns: 150 },
    );
  });

  it("has one marker, and that is the comment's own", () => {
    const html = shown(commentOf([everywhere("<!-- mcpaas-preview:default -->")]));
    expect(html.match(/<!--/g)).toHaveLength(1);
  });

  it.each(leaks)("has no secret that got into a message: %s", (_, text) => {
    const comment = commentOf([everywhere(text)]);
    expect(comment).toContain("[redacted]");
    expect(comment).not.toContain("hunter2");
  });
});

describe("a comment that would be too long", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      change({
        kind: index % 2 ? "update" : "delete",
        name: `resource-${index}`,
        properties: ["spec.replicas"],
      }),
    );

  it.each([10, 100, 5000, 40_000])(
    "has at most what GitHub takes: %i changes",
    { timeout: 60_000 },
    (count) => {
      const text = commentOf([
        summary({ changes: many(count) }),
        summary({ stack: "prod", changes: many(count) }),
      ]);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
      const all = count / 2;
      if (count > 100) expect(text).toMatch(new RegExp(`\\d+ of ${all} are left out here\\.`));
      else expect(text).not.toContain("left out");
      expect(text).toContain("| `prod` |");
      expect(shown(text).match(/<details>/g)?.length).toBe(shown(text).match(/<\/details>/g)?.length);
    },
  );

  it("has at most that of letters that take several bytes, and of long messages", () => {
    const errors = Array.from({ length: 200 }, (_, index) => `${index} ${"ö".repeat(9000)}`);
    expect(Buffer.byteLength(commentOf([summary({ errors })]))).toBeLessThanOrEqual(LIMIT);
  });

  it("is cut when even its table is too long", () => {
    const stacks = Array.from({ length: 2000 }, (_, index) => summary({ stack: `stack-${index}` }));
    const text = commentOf(stacks);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
    expect(text.endsWith("(cut)")).toBe(true);
  });
});
