import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { splitFrontMatter } from "../../../servers/innovation-engine/document/frontMatter.ts";
import { type Part, partsOf } from "../../../servers/innovation-engine/document/markdown.ts";

/** A document's parts, without front matter. */
export const partsIn = (source: string): Part[] => partsOf(splitFrontMatter(source).body);

/** The headings of one level. */
export function headingsIn(source: string, level: number): string[] {
  return partsIn(source).flatMap((part) =>
    part.kind === "heading" && part.level === level ? [part.text] : [],
  );
}

/** The text of a section of the second level. */
export function sectionOf(source: string, title: string): string {
  return source.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`)) ?? "";
}

/** The anchors that GitHub gives a document's headings. */
export function anchorsIn(source: string): string[] {
  const headings = partsIn(source).flatMap((part) => (part.kind === "heading" ? [part.text] : []));
  return headings.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

/** Links to other files, or to anchors, that lead nowhere. */
export function brokenLinks(path: string): string[] {
  const links = partsIn(readFileSync(path, "utf8")).flatMap((part) =>
    part.kind === "link" ? [part.url] : [],
  );
  return links
    .filter((url) => !/^[a-z]+:/.test(url))
    .filter((url) => {
      const [file = "", anchor] = url.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (!existsSync(target)) return true;
      if (anchor === undefined) return false;
      return !statSync(target).isFile() || !anchorsIn(readFileSync(target, "utf8")).includes(anchor);
    });
}

/** Lines that are longer than 80 characters, tables and blocks that are no commands excepted. */
export function longLines(source: string): string[] {
  let fence: string | undefined;
  return source.split("\n").filter((line) => {
    const opened = /^```(\w*)$/.exec(line);
    if (opened) {
      fence = fence === undefined ? opened[1] : undefined;
      return false;
    }
    return line.length > 80 && !line.startsWith("|") && (fence === undefined || fence === "bash");
  });
}
