import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { OPEN_WEBUI_IMAGE } from "../../components/chatApp/pod.ts";
import { cacheDir } from "../toolchain/toolchain.ts";

/** The version of the image that the chat app runs. */
export const VERSION = /:v(\d+\.\d+\.\d+)/.exec(OPEN_WEBUI_IMAGE)?.[1] ?? "";

/** Interpreters that have what the package asks for. Source: requires-python of open-webui 0.12.4. */
const INTERPRETERS = ["python3.12", "python3.11", "python3"];
const FITTING = new Set(["3.11", "3.12"]);

/**
 * Where the real Open WebUI is, or why it can't be had, in words for people.
 *
 * `wrong` says that one was asked for, by its name or to be installed, and can't be had.
 */
export type Installation = { program: string } | { missing: string; wrong?: true };

/** The folder of an installation in the cache. */
export function folderOf(env: NodeJS.ProcessEnv): string {
  return join(cacheDir(env), "open-webui", VERSION);
}

/**
 * Finds the real Open WebUI: the one that MCPAAS_OPEN_WEBUI names, or the one in the cache.
 *
 * @returns why there is none: it isn't there, it isn't whole, or it is another version.
 */
export async function findOpenWebUi(env: NodeJS.ProcessEnv): Promise<Installation> {
  const named = env["MCPAAS_OPEN_WEBUI"];
  const program = named || join(folderOf(env), "bin", "open-webui");
  // Who names one wants that one.
  const missing = (why: string, remedy: string): Installation =>
    named ? { missing: `MCPAAS_OPEN_WEBUI: ${why}`, wrong: true } : { missing: `${why}; ${remedy}` };
  if (!existsSync(program)) {
    return missing(
      `there is no Open WebUI ${VERSION} at ${program}`,
      "npm run e2e:chat -- --install puts one there",
    );
  }
  const dir = await mkdtemp(join(tmpdir(), "open-webui-"));
  // As `serve` has it: without these it knows no version, and writes into folders of its own.
  const own = {
    ...env,
    FROM_INIT_PY: "true",
    DATA_DIR: dir,
    WEBUI_SECRET_KEY: "unused",
    USE_SLIM_DOCKER: "true",
  };
  const options = { env: own, extendEnv: false, cwd: dir, reject: false } as const;
  const { exitCode, stdout } = await execa(program, ["main", "--version"], options);
  await rm(dir, { recursive: true });
  const [, found] = /version: (\S+)/.exec(stdout) ?? [];
  if (exitCode === 0 && found === VERSION) return { program };
  return found === undefined
    ? missing(`${program} doesn't start`, "npm run e2e:chat -- --install makes a new one")
    : missing(
        `${program} is Open WebUI ${found}, and the chat app runs ${VERSION}`,
        "--install makes a new one",
      );
}

/**
 * Installs it into the cache, unless a whole one is there: what its slim image has, 0.8 GB, with the machine's
 * Python and its pip.
 *
 * @param tell gets a line for people.
 */
export async function installOpenWebUi(
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<Installation> {
  const found = await findOpenWebUi({ ...env, MCPAAS_OPEN_WEBUI: "" });
  if ("program" in found) return found;
  const python = await pythonOf(env);
  if (python === undefined)
    return { missing: "it needs Python 3.11 or 3.12, and neither is on PATH", wrong: true };
  const folder = folderOf(env);
  tell(`installing Open WebUI ${VERSION} into ${folder}, about 0.8 GB and two minutes`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const run = (program: string, ...args: string[]) =>
    execa(program, args, { env, extendEnv: false, stdout: "ignore" });
  try {
    const pip = [join(folder, "bin", "python"), "-m", "pip", "install", "--quiet"] as const;
    await run(python, "-m", "venv", folder);
    // Its own list of requirements has torch and all else that the slim image goes without.
    await run(...pip, "--no-deps", `open-webui==${VERSION}`);
    await run(...pip, "-r", await requirementsIn(folder));
  } catch (error) {
    // What is half there would be taken for whole by its folder.
    await rm(folder, { recursive: true, force: true });
    const why = (error as Error).message.trim().split("\n").at(-1);
    return { missing: `it can't be installed: ${why}`, wrong: true };
  }
  return await findOpenWebUi({ ...env, MCPAAS_OPEN_WEBUI: "" });
}

/** The package's list of what its slim image has. */
async function requirementsIn(folder: string): Promise<string> {
  const lib = join(folder, "lib");
  const [python = ""] = await readdir(lib);
  return join(lib, python, "site-packages", "requirements-slim.txt");
}

async function pythonOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const python of INTERPRETERS) {
    const script = "import sys; print('%d.%d' % sys.version_info[:2])";
    const { stdout } = await execa(python, ["-c", script], { env, extendEnv: false, reject: false });
    if (FITTING.has(stdout?.trim() ?? "")) return python;
  }
  return undefined;
}
