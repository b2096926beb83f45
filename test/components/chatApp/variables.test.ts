import { existsSync, globSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chatConnections } from "../../../components/chatApp/connections.ts";
import { chatEnvironment } from "../../../components/chatApp/environment.ts";
import { OPEN_WEBUI_IMAGE } from "../../../components/chatApp/pod.ts";
import { CHAT_VARIABLES, IMAGE } from "../../../components/chatApp/variables.ts";
import { EVERYTHING } from "./fixtures.ts";
import { readVariables } from "./readVariables.ts";

const VERSION = "0.12.4";
const LIST = join(import.meta.dirname, "../../../components/chatApp/variables.txt");

const list = readFileSync(LIST, "utf8");
const places = new Map(
  list
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name = "", ...files]) => [name, files]),
);

/** The folder `open_webui` of the pinned version, where somebody has it. */
function source(): string | undefined {
  const cache = process.env["MCPAAS_CACHE"] ?? join(homedir(), ".cache/mcpaas");
  const installed = `${cache}/open-webui/${VERSION}*/lib/python3*/site-packages/open_webui`;
  const given = process.env["MCPAAS_OPEN_WEBUI_SOURCE"];
  return [...(given === undefined ? [] : [given]), ...globSync(installed)].find((folder) =>
    existsSync(join(folder, "config.py")),
  );
}

describe("the chat app's variables", () => {
  it("are the table's, all of them and no others", () => {
    const set = { ...chatEnvironment(EVERYTHING.facts), ...chatConnections(EVERYTHING.partners) };
    expect(Object.keys(set).sort()).toEqual(Object.keys(CHAT_VARIABLES).sort());
  });

  it.each(Object.entries(CHAT_VARIABLES).filter(([, file]) => file !== IMAGE))(
    "%s is read by Open WebUI, in %s",
    (name, file) => {
      expect(places.get(name) ?? []).toContain(file);
    },
  );

  it("that only the image reads aren't Open WebUI's own", () => {
    const images = Object.entries(CHAT_VARIABLES).filter(([, file]) => file === IMAGE);
    expect(images.map(([name]) => name)).toEqual(["HOME", "PORT"]);
    for (const [name] of images) expect(places.has(name)).toBe(false);
  });

  it("are those of the version whose image runs", () => {
    expect(OPEN_WEBUI_IMAGE).toBe(`ghcr.io/open-webui/open-webui:v${VERSION}-slim`);
  });

  it.skipIf(source() === undefined)("are listed as the real source has them", () => {
    expect(readVariables(source() ?? "")).toBe(list);
  });
});
