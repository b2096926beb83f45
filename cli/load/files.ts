import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { TemporaryFile, writableTarget } from "../outputFile.ts";
import type { Report } from "./report.ts";

/** Where a report goes. */
export interface Places {
  json: string;
  png: string;
}

/** Both names, when they may be written. Without a name they have the time's, in a folder that git ignores. */
export async function placesOf(out: string | undefined, force: boolean, startedAt: string): Promise<Places> {
  const base = out?.replace(/\.(json|png)$/, "") ?? `load/${startedAt.slice(0, 19).replaceAll(":", "-")}`;
  if (out === undefined) await mkdir(dirname(base), { recursive: true });
  return {
    json: await writableTarget(`${base}.json`, force),
    png: await writableTarget(`${base}.png`, force),
  };
}

/** Writes the report and its picture. */
export async function writeReport(report: Report, { json, png }: Places, force: boolean): Promise<void> {
  // The charts' library takes half a second to load, which --help shouldn't wait for.
  const { chartSvg } = await import("./chart.ts");
  const { pngOfSvg } = await import("../picture.ts");
  const contents = [
    { target: json, bytes: Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`) },
    { target: png, bytes: pngOfSvg(chartSvg(report)) },
  ];
  for (const { target, bytes } of contents) {
    const file = await TemporaryFile.beside(target);
    try {
      await file.append(bytes);
      await file.become(target, force);
    } finally {
      await file.remove();
    }
  }
}
