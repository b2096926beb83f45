import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const cache = process.env["MCPAAS_CACHE"] ?? join(homedir(), ".cache", "mcpaas");

/** Where `install.sh` puts them. */
export const installed = join(cache, "chat-state");

const ours = [join(installed, "bin")];
const onPath = (process.env["PATH"] ?? "").split(delimiter);

/** The real programs: servers of the versions that install.sh has, tools that are on PATH. */
export const programs = {
  bwrap: find("bwrap"),
  nsenter: find("nsenter"),
  postgres: find("postgres", ours),
  valkey: find("valkey-server", ours),
  valkeyCli: find("valkey-cli") ?? find("redis-cli"),
  // Not looked for: two of them take minutes to start, which is for those who ask for it.
  openWebUi: existing(process.env["MCPAAS_OPEN_WEBUI"] ?? ""),
};

type Program = keyof typeof programs;

const WHERE: Record<Program, string> = {
  bwrap: "bubblewrap's bwrap (Debian's package bubblewrap)",
  nsenter: "nsenter (Debian's package util-linux)",
  postgres: "PostgreSQL (test/chatState/install.sh)",
  valkey: "valkey-server (test/chatState/install.sh)",
  valkeyCli: "valkey-cli or redis-cli (Debian's package redis-tools)",
  openWebUi: "Open WebUI 0.12.4, slim (MCPAAS_OPEN_WEBUI names its program)",
};

/** PATH of a container with PostgreSQL's programs. */
export function programFolders(): string {
  return [dirname(realpathSync(programs.postgres ?? "")), "/usr/bin", "/bin"].join(delimiter);
}

/** The folder of Open WebUI's virtual environment, and of the Python that it was made with. */
export function openWebUiRoots(): string[] {
  if (programs.openWebUi === undefined) return [];
  const bin = dirname(programs.openWebUi);
  return [dirname(bin), dirname(dirname(realpathSync(join(bin, "python3"))))];
}

/** Why a test of real programs is skipped, or nothing when all of them are there. */
export function missing(...wanted: Program[]): string | undefined {
  const absent = wanted.filter((program) => programs[program] === undefined);
  return absent.length === 0
    ? undefined
    : `skipped, not installed: ${absent.map((program) => WHERE[program]).join(", ")}`;
}

function find(name: string, folders = onPath): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
