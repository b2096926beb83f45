import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Catalogue } from "../../../servers/innovation-engine/catalogue.ts";
import { DocumentReader } from "../../../servers/innovation-engine/document/reader.ts";
import { folder } from "./helpers.ts";

const reader = new DocumentReader();
afterAll(() => reader.close());

function catalogueOf(files: Record<string, string>, maxBytes = 1000) {
  const path = folder();
  const write = (name: string, content: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  const catalogue = new Catalogue({ folder: path, reader, maxBytes });
  return {
    path,
    write,
    catalogue,
    names: async () => (await catalogue.list()).entries.map(({ name }) => name),
  };
}

describe("the catalogue", () => {
  it("has the folder's Markdown files by their paths, and the .ini files beside them", async () => {
    const files = {
      "b.md": "# B\n",
      "a.md": "# A\n",
      "sub/c.md": "# C\n",
      "a.ini": "X=1\n",
      "other.txt": "",
    };
    const { catalogue, names } = catalogueOf(files);
    expect(await names()).toEqual(["a", "b", "sub/c"]);
    expect((await catalogue.get("sub/c.md"))?.document.title).toBe("C");
    expect((await catalogue.get("a"))?.document.variables).toEqual([{ name: "X", value: "1", from: "ini" }]);
  });

  it("knows no name that leads out of the folder", async () => {
    const { path, catalogue, names } = catalogueOf({ "a.md": "# A\n" });
    writeFileSync(join(folder(), "secret.md"), "# Secret\n");
    const other = catalogueOf({ "secret.md": "# Secret\n" }).path;
    symlinkSync(join(other, "secret.md"), join(path, "link.md"));
    symlinkSync(other, join(path, "folder"));
    symlinkSync("nowhere", join(path, "broken.md"));
    symlinkSync(".", join(path, "circle"));
    expect(await names()).toEqual(["a"]);
    for (const name of ["../a", `${other}/secret`, "link", "folder/secret", "__proto__", ""]) {
      expect(await catalogue.get(name)).toBeUndefined();
    }
  });

  it("shows the files of a mounted ConfigMap once, and its new ones after an update", async () => {
    const { path, write, names, catalogue } = catalogueOf({ "..first/a.md": "# First\n" });
    symlinkSync("..first", join(path, "..data"));
    symlinkSync("..data/a.md", join(path, "a.md"));
    expect(await names()).toEqual(["a"]);
    write("..second/a.md", "# Second!\n");
    symlinkSync("..second", join(path, "..new"));
    renameSync(join(path, "..new"), join(path, "..data"));
    expect((await catalogue.get("a"))?.document.title).toBe("Second!");
  });

  it("reads files again only when they have changed", async () => {
    const read = vi.spyOn(reader, "read");
    const { path, write, catalogue } = catalogueOf({ "a.md": "# A\n", "b.md": "# B\n" });
    await Promise.all([catalogue.list(), catalogue.get("a"), catalogue.search("a", 1)]);
    await catalogue.list();
    expect(read).toHaveBeenCalledTimes(2);
    write("a.md", "# Z\n");
    utimesSync(join(path, "a.md"), 1, 1);
    expect((await catalogue.get("a"))?.document.title).toBe("Z");
    read.mockRestore();
  });

  it("leaves out what is too large, and says so", async () => {
    const { catalogue } = catalogueOf({ "a.md": "# A\n", "large.md": "x".repeat(1001) });
    const { entries, problems } = await catalogue.list();
    expect(entries.map(({ name }) => name)).toEqual(["a"]);
    expect(problems).toEqual(["large: it has 1001 bytes, and MAX_DOCUMENT_BYTES allows 1000"]);
  });

  it("is searched by titles, prerequisites and variables, with small mistakes", async () => {
    const { catalogue } = catalogueOf({
      "nodes.md": "# Check the nodes\n\n## Prerequisites\n\n[k](tools/kubectl.md)\n",
      "hello.md": "# Say hello\n\n<!--\n```variables\nexport GREETING_NAME=x\n```\n-->\n",
      "tags.md": "---\ntags: [storage]\n---\n# Disks\n",
    });
    const find = async (query: string) => (await catalogue.search(query, 5)).map(({ entry }) => entry.name);
    expect(await find("nods")).toEqual(["nodes"]);
    expect(await find("kubectl")).toEqual(["nodes"]);
    expect(await find("greeting_name")).toEqual(["hello"]);
    expect(await find("storage")).toEqual(["tags"]);
    expect(await find("nothing like it")).toEqual([]);
  });
});
