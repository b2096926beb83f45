import { describe, expect, it } from "vitest";
import { acrExportOff as rule } from "../../../policies/rules/acrExportOff.ts";
import { REGISTRY, registryProps } from "../azureFixtures.ts";
import { findings, unknownString } from "../judge.ts";

const said = (changes: Record<string, unknown>) => findings(rule, REGISTRY, registryProps("x", changes));
const status = (value: unknown) => ({ policies: { exportPolicy: { status: value } } });

describe("acr-export-off", () => {
  it("accepts a closed registry that exports nothing, and an open one, where Azure has no such thing", async () => {
    expect(await said({})).toEqual([]);
    expect(await said({ publicNetworkAccess: "Enabled", policies: undefined })).toEqual([]);
  });

  it.each([[status("enabled")], [{ policies: undefined }]])("advises on %o", async (changes) => {
    expect(await said(changes)).toEqual([
      expect.stringContaining("advisory: The closed registry can be exported"),
    ]);
  });

  it.each([
    ["publicNetworkAccess", { publicNetworkAccess: unknownString }],
    ["policies.exportPolicy.status", status(unknownString)],
  ])("reports that %s isn't known yet", async (path, changes) => {
    expect((await said(changes))[0]).toContain(`advisory: ${path} is not known yet`);
  });
});
