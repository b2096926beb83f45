import { type AgentPool, agentPools, at, isAgentPool, isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `aks-encryption`. */
export interface AksEncryptionConfig {
  /** Whether nodes must encrypt caches and temporary disks on their host. @default true */
  hosts: boolean;
  /** Whether Secrets in etcd must be encrypted with a key in Key Vault. @default false */
  etcd: boolean;
  /** Whether disks must be encrypted with a key of one's own (a disk encryption set). @default false */
  disks: boolean;
}

/**
 * What AKS stores is encrypted where Azure doesn't do so by itself.
 *
 * Advisory: Azure encrypts etcd and managed disks anyway, with keys of its own. Host encryption has to be registered
 * for the subscription first, and not every VM size has it.
 */
export const aksEncryption = rule<AksEncryptionConfig>({
  name: "aks-encryption",
  displayName: "AKS encryption beyond Azure's own",
  severity: "medium",
  level: "advisory",
  demands:
    "Nodes encrypt caches and temporary disks on their host; etcd and disks use keys of one's own where the " +
    "configuration asks for it.",
  why:
    "Azure encrypts what it stores, with its own keys. A node's cache and temporary disk are the exception, and hold " +
    "what pods write: prompts, weights, whatever an emptyDir has.",
  fix:
    "Set enableEncryptionAtHost: true on each pool (once the feature EncryptionAtHost is registered), " +
    "securityProfile.azureKeyVaultKms, and diskEncryptionSetID.",
  config: {
    hosts: {
      type: "boolean",
      default: true,
      description: "Whether nodes must encrypt caches and temporary disks on their host.",
    },
    etcd: {
      type: "boolean",
      default: false,
      description: "Whether Secrets in etcd must be encrypted with a key in Key Vault.",
    },
    disks: {
      type: "boolean",
      default: false,
      description: "Whether disks must be encrypted with a key of one's own.",
    },
  },
  applies: (type) => isCluster(type) || isAgentPool(type),
  check({ type, props }, { hosts, etcd, disks }, found) {
    const { pools, hidden } = agentPools(type, props);
    if (hosts) {
      for (const each of hidden) found.unknown(each);
      for (const pool of pools) checkHosts(pool, found);
    }
    if (!isCluster(type)) return;
    if (etcd) {
      const kms = dig(props, "securityProfile", "azureKeyVaultKms", "enabled");
      const where = "securityProfile.azureKeyVaultKms.enabled";
      must(kms, kms === true, `etcd has no key of one's own (${where} is ${kms ?? "not set"}).`, found);
    }
    if (disks) {
      const set = dig(props, "diskEncryptionSetID");
      must(
        set,
        typeof set === "string" && set !== "",
        "Disks have no key of one's own (no diskEncryptionSetID).",
        found,
      );
    }
  },
});

function checkHosts(pool: AgentPool, found: Findings) {
  const value = dig(pool.fields, "enableEncryptionAtHost");
  const text = `Nodes of ${pool.label} keep caches and temporary disks in clear (${at(pool, "enableEncryptionAtHost")} is ${value ?? "not set"}).`;
  must(value, value === true, text, found);
}

function must(value: unknown, holds: boolean, text: string, found: Findings) {
  if (value instanceof Unknown) found.unknown(value);
  else if (!holds) found.violation(text);
}
