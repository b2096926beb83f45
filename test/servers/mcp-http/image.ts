import { globSync, readFileSync, statSync } from "node:fs";
import { cp, mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const servers = join(root, "servers");

interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** A file of the repository as text, by its path from the root. */
export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The packages of a lock file, by the place where they are installed. */
export const lockOf = (path: string): Record<string, LockedPackage> => JSON.parse(read(path)).packages;

/** What a lock file installs: name, version and checksum. */
export function installed(lock: Record<string, LockedPackage>): string[] {
  return Object.entries(lock)
    .filter(([path, { integrity }]) => path.includes("node_modules/") && integrity !== undefined)
    .map(([path, { version, integrity }]) => `${path.split("node_modules/").pop()}@${version} ${integrity}`);
}

/** The last stage's COPY lines out of the build context: patterns, and the folder that they go to. */
function copies(dockerfile: string): { from: string[]; to: string }[] {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
  return [...lastStage.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].map(([, from = "", to = ""]) => ({
    from: from.split(" "),
    to,
  }));
}

/**
 * Lays out in a new folder what the image of a server has in /app: the files that its Dockerfile copies, the
 * manifests, the link to the shared package as npm makes it for a workspace, and the packages that the manifests
 * name. These are the repository's own, which another test compares with the image's lock file. The caller removes the folder.
 */
export async function layOut(name: string): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), `${name}-image-`));
  const manifests = ["package.json", "mcp-http/package.json", `${name}/package.json`];
  for (const manifest of manifests) await cp(join(servers, manifest), join(app, manifest));
  for (const { from, to } of copies(read(`servers/${name}/Dockerfile`))) {
    const files = from.flatMap((pattern) => globSync(pattern, { cwd: servers }));
    if (files.length === 0) throw new Error(`servers/${name}/Dockerfile copies nothing with ${from}`);
    for (const file of files) {
      // Of a folder, COPY takes what is in it.
      const isFile = statSync(join(servers, file)).isFile();
      await cp(join(servers, file), join(app, to, isFile ? basename(file) : ""), { recursive: true });
    }
  }
  await linkPackages(name, join(app, "node_modules"));
  return app;
}

async function linkPackages(name: string, modules: string): Promise<void> {
  const links = new Map<string, string>();
  for (const workspace of ["mcp-http", name]) {
    const { dependencies } = JSON.parse(read(`servers/${workspace}/package.json`));
    for (const one of Object.keys(dependencies)) links.set(one, join(root, "node_modules", one));
  }
  links.set("@mcpaas/mcp-http", "../../mcp-http");
  for (const [one, target] of links) {
    await mkdir(dirname(join(modules, one)), { recursive: true });
    await symlink(target, join(modules, one));
  }
}
