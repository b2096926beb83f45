import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  findOpenWebUi,
  folderOf,
  installOpenWebUi,
  VERSION,
} from "../../../rehearsal/openWebUi/installation.ts";

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "installation-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

/** A program that does what a shell script says. */
async function program(file: string, script: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const env = (cache: string, more = {}) => ({ PATH: "/usr/bin:/bin", MCPAAS_CACHE: cache, ...more });
const says = (version: string) =>
  `[ "$FROM_INIT_PY $1 $2" = "true main --version" ] && echo "Open WebUI version: ${version}"`;

test("the version is that of the image that the chat app runs", () => {
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+$/);
});

test("the one in the cache is found, and the one that is named comes before it", async () => {
  const cache = await temporary();
  expect(await findOpenWebUi(env(cache))).toEqual({
    missing: `there is no Open WebUI ${VERSION} at ${folderOf(env(cache))}/bin/open-webui; npm run e2e:chat -- --install puts one there`,
  });
  const kept = await program(join(folderOf(env(cache)), "bin", "open-webui"), says(VERSION));
  expect(await findOpenWebUi(env(cache))).toEqual({ program: kept });
  const named = await program(join(cache, "named"), says(VERSION));
  expect(await findOpenWebUi(env(cache, { MCPAAS_OPEN_WEBUI: named }))).toEqual({ program: named });
});

test("another version, and one that isn't whole, are not taken", async () => {
  const cache = await temporary();
  const other = await program(join(cache, "other"), says("0.1.0"));
  expect(await findOpenWebUi(env(cache, { MCPAAS_OPEN_WEBUI: other }))).toEqual({
    missing: `MCPAAS_OPEN_WEBUI: ${other} is Open WebUI 0.1.0, and the chat app runs ${VERSION}`,
    wrong: true,
  });
  const broken = await program(join(cache, "broken"), "exit 1");
  expect(await findOpenWebUi(env(cache, { MCPAAS_OPEN_WEBUI: broken }))).toMatchObject({
    missing: expect.stringMatching(/broken doesn't start$/),
    wrong: true,
  });
});

test("it is installed with a Python that it can do with, and nothing half is left behind", async () => {
  const cache = await temporary();
  const bin = join(cache, "path");
  const told: string[] = [];
  const install = () => installOpenWebUi(env(cache, { PATH: bin }), (line) => told.push(line));
  await program(join(bin, "python3"), "echo 3.9");
  expect(await install()).toEqual({
    missing: "it needs Python 3.11 or 3.12, and neither is on PATH",
    wrong: true,
  });
  // This one makes environments whose pip reaches nobody.
  const pip = "echo 'no route to the package index' >&2; exit 1";
  const made = `/bin/mkdir -p "$3/bin" && printf '#!/bin/sh\\n${pip.replaceAll("'", "'\\''")}\\n' > "$3/bin/python"`;
  await program(
    join(bin, "python3.11"),
    `[ "$1" = -c ] && echo 3.11 && exit\n${made} && /bin/chmod +x "$3/bin/python"`,
  );
  expect(await install()).toEqual({
    missing: "it can't be installed: no route to the package index",
    wrong: true,
  });
  expect(told).toEqual([expect.stringMatching(/^installing Open WebUI/)]);
  expect(existsSync(folderOf(env(cache)))).toBe(false);
});
