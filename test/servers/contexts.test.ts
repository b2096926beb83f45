import { appendFileSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readContext } from "../../rehearsal/providers/docker/context.ts";
import { instructionsOf, wordsOf } from "../../rehearsal/providers/docker/dockerfile.ts";
import { read } from "./mcp-http/image.ts";

const servers = join(import.meta.dirname, "../../servers");
const images = globSync("*/Dockerfile", { cwd: servers })
  .map((file) => dirname(file))
  .sort();
const contextOf = (image: string, root = servers) => readContext(root, join(root, image, "Dockerfile"));

/** The files that a Dockerfile copies out of its context, in all its stages. */
function copied(image: string): string[] {
  const sources = instructionsOf(read(`servers/${image}/Dockerfile`))
    .filter(({ keyword, flags }) => keyword === "COPY" && flags["from"] === undefined)
    .flatMap(({ rest }) => wordsOf(rest).slice(0, -1));
  const below = sources.flatMap((source) => [source, `${source}/**`]);
  const files = globSync(below, { cwd: servers, withFileTypes: true, exclude: ["**/node_modules"] })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(servers.length + 1))
    .filter((file) => !/^(README\.md|Dockerfile.*)$/.test(basename(file)));
  return [...new Set(files)].sort();
}

describe("the build contexts of the servers' images", () => {
  it("are of every image", () => {
    expect(images).toEqual(["echo", "guard", "innovation-engine", "open-websearch"]);
    expect(copied("innovation-engine")).toContain("innovation-engine/catalogue/say-hello.md");
    expect(copied("open-websearch")).toEqual([]);
  });

  it.each(images)("have what the Dockerfile of %s copies, and nothing else", async (image) => {
    expect([...(await contextOf(image)).files.keys()].sort()).toEqual(copied(image));
  });

  it.each<[string, string[]]>([
    ["echo/new.ts", ["echo"]],
    ["guard/limits/new.ts", ["guard"]],
    ["innovation-engine/tools/new.ts", ["innovation-engine"]],
    ["innovation-engine/catalogue/new.md", ["innovation-engine"]],
    ["mcp-http/endpoint.ts", ["echo", "innovation-engine"]],
    ["open-websearch/new.ts", []],
    ["open-websearch/Dockerfile", ["open-websearch"]],
    ["guard/README.md", []],
    ["another/main.ts", []],
    // The one lock file says what each of them installs.
    ["package-lock.json", ["echo", "guard", "innovation-engine"]],
  ])("are others after a change of %s: those of %j", async (file, changed) => {
    const root = mkdtempSync(join(tmpdir(), "servers-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    await cp(servers, root, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
    const digests = () => Promise.all(images.map(async (image) => (await contextOf(image, root)).digest));
    const before = await digests();
    mkdirSync(dirname(join(root, file)), { recursive: true });
    appendFileSync(join(root, file), "\n");
    const after = await digests();
    expect(images.filter((_, i) => before[i] !== after[i])).toEqual(changed);
  });
});
