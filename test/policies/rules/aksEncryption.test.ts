import { describe, expect, it } from "vitest";
import { aksEncryption as rule } from "../../../policies/rules/aksEncryption.ts";
import { CLUSTER, clusterProps, POOL, poolProps, systemPool } from "../azureFixtures.ts";
import { findings, unknownArray, unknownBoolean } from "../judge.ts";

const cluster = (changes: Record<string, unknown>, config: object = {}) =>
  findings(rule, CLUSTER, clusterProps("x", changes), config);
const hosts = (enableEncryptionAtHost: unknown) => ({
  agentPoolProfiles: [systemPool, { ...systemPool, name: "user", enableEncryptionAtHost }],
});

describe("aks-encryption", () => {
  it("accepts pools that encrypt on their hosts", async () => {
    expect(await cluster({})).toEqual([]);
    expect(await findings(rule, POOL, poolProps("user"))).toEqual([]);
  });

  it("advises on pools that don't, within a cluster and of their own", async () => {
    expect(await cluster(hosts(undefined))).toEqual([
      'advisory: Nodes of pool "user" keep caches and temporary disks in clear ' +
        "(agentPoolProfiles[1].enableEncryptionAtHost is not set).",
    ]);
    expect(await findings(rule, POOL, poolProps("user", { enableEncryptionAtHost: false }))).toHaveLength(1);
    expect(await cluster(hosts(false), { hosts: false })).toEqual([]);
  });

  it("asks for keys of one's own where the configuration does", async () => {
    const keys = {
      securityProfile: { azureKeyVaultKms: { enabled: true, keyId: "key" } },
      diskEncryptionSetID: "/set",
    };
    expect(await cluster({}, { etcd: true, disks: true })).toEqual([
      expect.stringContaining("securityProfile.azureKeyVaultKms.enabled is not set"),
      expect.stringContaining("no diskEncryptionSetID"),
    ]);
    expect(await cluster(keys, { etcd: true, disks: true })).toEqual([]);
  });

  it.each([
    ["agentPoolProfiles", { agentPoolProfiles: unknownArray }],
    ["agentPoolProfiles[1].enableEncryptionAtHost", hosts(unknownBoolean)],
  ])("reports that %s isn't known yet", async (path, changes) => {
    expect((await cluster(changes))[0]).toContain(`advisory: ${path} is not known yet`);
  });
});
