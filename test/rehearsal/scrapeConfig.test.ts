import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { scrapeConfigText } from "../../components/clusterMonitoring/scrapeConfig.ts";
import { SCRAPE_JOBS, type ScrapedJob } from "../../components/clusterMonitoring/scrapeJobs.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";

const run = promisify(execFile);
const targets = (Object.keys(SCRAPE_JOBS) as ScrapedJob[]).map((job) => ({ job, namespaces: ["mcp"] }));

let promtool: string;
beforeAll(async () => {
  promtool = join((await ensureToolchain()).bin, "promtool");
});

async function check(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scraping-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "prometheus.yaml");
  await writeFile(file, text);
  return (await run(promtool, ["check", "config", file])).stdout;
}

test.each([
  { intervalSeconds: 15, minimal: true },
  { intervalSeconds: 60, minimal: false },
])("promtool takes the scrape configuration: %o", async (how) => {
  expect(await check(scrapeConfigText({ ...how, targets }))).toContain("SUCCESS");
});

test("promtool refuses one that Prometheus can't read", async () => {
  const broken = scrapeConfigText({ intervalSeconds: 30, minimal: true, targets }).replace(
    "role: pod",
    "role: shed",
  );
  await expect(check(broken)).rejects.toThrow(/role/);
});
