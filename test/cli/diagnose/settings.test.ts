import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { poolSetting, settingOf } from "../../../cli/diagnose/settings.ts";
import { POOL_LABEL } from "../../../components/aksWithGpuPool/pools.ts";
import { settingRows } from "../../../stacks/settings/table.ts";

describe("the settings that steps name", () => {
  const keys = settingRows().map(({ key }) => key);
  const folder = join(import.meta.dirname, "../../../cli/diagnose");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const found = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map(([, key = ""]) => key))];

  test("exist as they are written", () => {
    const written = found(/mcpaas:([a-zA-Z]+(?:\.[a-zA-Z]+)*)(?![\w.$]|\$)/g);
    expect(written).toContain("kaito.devicePlugin");
    expect(written.filter((key) => !keys.some((each) => each === key || each.startsWith(`${key}.`)))).toEqual(
      [],
    );
  });

  test("exist in a pool", () => {
    const used = found(/poolSetting\(subject\)\}\.([a-zA-Z.]+[a-zA-Z])/g);
    expect(used).toContain("minCount");
    expect(used.filter((key) => !keys.includes(`cluster.gpuPool.${key}`))).toEqual([]);
  });

  test("exist in what makes a subject", () => {
    const used = found(/settingOf\(subject\)\}\.([a-zA-Z.]+[a-zA-Z])/g);
    const owners = ["models", "ragEngines", "tuningJobs", "mcpServers"];
    expect(used).toContain("egress");
    expect(used.filter((key) => !owners.some((owner) => keys.includes(`${owner}.*.${key}`)))).toEqual([]);
  });
});

test("a pool's setting is found by the label that selects it", () => {
  expect(poolSetting({ selector: { [POOL_LABEL]: "gpu" } })).toBe("mcpaas:cluster.gpuPool");
  expect(poolSetting({ selector: { [POOL_LABEL]: "large" } })).toBe("mcpaas:cluster.moreGpuPools.large");
  expect(poolSetting({ selector: { apps: "phi" } })).toBe("mcpaas:cluster.gpuPool");
});

test("a subject's setting has its name", () => {
  expect(settingOf({ role: "tuning", name: "dolly" })).toBe("mcpaas:tuningJobs.dolly");
  expect(settingOf({ role: "set", name: "chat" })).toBe("mcpaas:models.chat");
});
