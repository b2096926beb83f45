import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dockerVersion } from "../../rehearsal/builder.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpaas-builder-"));
});
afterEach(() => rm(dir, { recursive: true }));

test.each([
  ["a daemon that answers", 'echo "28.3.3"', "28.3.3"],
  ["a client without a daemon", 'echo "Cannot connect to the Docker daemon" >&2; exit 1', undefined],
  ["a daemon that says nothing", 'echo ""', undefined],
])("%s", async (_name, script, version) => {
  await writeFile(join(dir, "docker"), `#!/bin/sh\n${script}\n`);
  await chmod(join(dir, "docker"), 0o755);
  expect(await dockerVersion({ PATH: dir })).toBe(version);
});

test("no Docker at all", async () => {
  expect(await dockerVersion({ PATH: dir })).toBeUndefined();
});
