import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newReportId, type Report, Reports } from "../../../servers/innovation-engine/reports.ts";
import { folder } from "./helpers.ts";

function report(second: number, changes: Partial<Report> = {}): Report {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  return {
    id: newReportId(startedAt),
    tool: "execute_document",
    document: "a",
    title: "A",
    digest: "0",
    startedAt: startedAt.toISOString(),
    seconds: 1,
    outcome: "passed",
    blocksPassed: 0,
    blocksTotal: 0,
    exitCode: 0,
    error: "",
    variables: [],
    blocks: [],
    output: "text",
    ...changes,
  };
}

describe("reports", () => {
  it("are listed newest first, by document and tool", async () => {
    const reports = new Reports({ folder: join(folder(), "new"), max: 10 });
    expect(await reports.list()).toEqual([]);
    const all = [report(1), report(2, { document: "b" }), report(3, { tool: "test_document" })];
    for (const one of all) await reports.add(one);
    const ids = async (filter?: object) =>
      (await reports.list(filter)).map(({ id }) => all.findIndex((r) => r.id === id));
    expect(await ids()).toEqual([2, 1, 0]);
    expect(await ids({ document: "a" })).toEqual([2, 0]);
    expect(await ids({ tool: "test_document" })).toEqual([2]);
    expect(await reports.get(all[0]?.id ?? "")).toEqual(all[0]);
    expect((await reports.list())[0]).not.toHaveProperty("output");
  });

  it("make room for new ones", async () => {
    const path = folder();
    const reports = new Reports({ folder: path, max: 2 });
    const all = [report(1), report(2), report(3)];
    for (const one of all) await reports.add(one);
    expect((await reports.list()).map(({ id }) => id)).toEqual([all[2]?.id, all[1]?.id]);
    expect(readdirSync(path)).toHaveLength(2);
    expect(await reports.get(all[0]?.id ?? "")).toBeUndefined();
  });

  it("are no other files, whatever is asked for", async () => {
    const path = folder();
    const reports = new Reports({ folder: path, max: 2 });
    writeFileSync(join(path, "secret.json"), JSON.stringify(report(1)));
    const { id } = report(1);
    writeFileSync(join(path, `${id}.json`), "{");
    for (const one of ["secret", "../secret", `../${id}`, id]) expect(await reports.get(one)).toBeUndefined();
    expect(await reports.list()).toEqual([]);
  });
});
