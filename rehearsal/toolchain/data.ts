import { constants } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { toolFailure } from "./go.ts";
import { type Chart, charts, shared } from "./recipe.ts";

/** Charts are at `charts/oci/<host>/<path>` and `charts/https/<host>/<path>` in the `share` folder. */
function chartFolder(share: string, repository: string): string {
  return join(share, "charts", repository.replace("://", "/"));
}

/**
 * Writes what belongs to the programs into `share`: files of their modules, and charts, packaged.
 *
 * @param folders the folder of each module.
 * @throws {RehearsalError} when helm fails.
 */
export async function makeData(
  share: string,
  helm: string,
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { module, from, to } of shared) {
    await copyWritable(join(folders.get(module) ?? "", from), join(share, to));
  }
  for (const chart of charts) {
    const out = chartFolder(share, chart.repository);
    await packageChart(helm, chart, folders.get(chart.module) ?? "", out);
  }
  for (const repository of new Set(charts.map((chart) => chart.repository))) {
    // Only repositories of this kind have an index; an OCI registry lists its charts itself.
    if (repository.startsWith("https://")) {
      await runHelm(helm, ["repo", "index", chartFolder(share, repository), "--url", repository]);
    }
  }
}

/** Packages a chart as upstream's release does, into `out`. */
async function packageChart(helm: string, chart: Chart, folder: string, out: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "mcpaas-chart-"));
  try {
    // Helm locks the folder that it packages.
    await copyWritable(join(folder, chart.from), join(work, "chart"));
    await mkdir(out, { recursive: true });
    const versions = ["--version", chart.version, "--app-version", chart.version];
    await runHelm(helm, ["package", join(work, "chart"), ...versions, "-d", out]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Copies a file or a folder out of the module cache, which is read-only: the copy can be changed and deleted. */
async function copyWritable(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
  const below = (await stat(to)).isDirectory() ? await readdir(to, { recursive: true }) : [];
  for (const path of [to, ...below.map((name) => join(to, name))]) {
    await chmod(path, (await stat(path)).mode | constants.S_IWUSR);
  }
}

async function runHelm(helm: string, args: string[]): Promise<void> {
  const done = await execa(helm, args, { reject: false });
  if (done.exitCode !== 0) {
    throw toolFailure(`helm ${args.slice(0, 2).join(" ")}`, done.stderr || done.shortMessage || "");
  }
}
