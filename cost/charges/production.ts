import { always, type Charges, input, textOf } from "../charge.ts";

/** Cores of a size: the digits behind its letter. */
const coresOf = (size: string) => Number(/^Standard_[A-Z](\d+)/.exec(size)?.[1] ?? 0);

/** A server of PostgreSQL: its cores and its storage, both twice with a standby. Backups as large as it are free. */
export const postgresqlServer: Charges = (resource, { prices, hours }) => {
  const size = textOf(resource, "sku.name") ?? "";
  const tier = textOf(resource, "sku.tier") ?? "";
  const mode = textOf(resource, "highAvailability.mode") ?? "Disabled";
  const servers = mode === "Disabled" ? 1 : 2;
  const note = `${size}${servers === 2 ? ", with a standby" : ""}`;
  const compute =
    tier === "Burstable"
      ? always(prices.meter("postgresql-burstable"), hours, servers)
      : always(
          prices.meter(tier === "MemoryOptimized" ? "postgresql-memory-core" : "postgresql-core"),
          hours,
          coresOf(size) * servers,
        );
  const gb = Number(input(resource, "storage.storageSizeGB") ?? 32) * servers;
  const months = hours / 730;
  return [
    { ...compute, note },
    { meter: prices.meter("postgresql-storage"), quantity: { rest: gb * months, full: gb * months }, note },
  ];
};

/** What Azure Backup takes for each protected namespace; the snapshots are charged besides, by what changes. */
export const backupInstance: Charges = (resource, { prices, hours }) => {
  const [parameters] = (input(
    resource,
    "properties.policyInfo.policyParameters.backupDatasourceParametersList",
  ) ?? []) as { includedNamespaces?: string[] }[];
  const namespaces = parameters?.includedNamespaces?.length ?? 1;
  return [
    { ...always(prices.meter("aks-backup"), hours, namespaces), note: `${namespaces} namespaces` },
    { meter: prices.meter("snapshots"), quantity: {}, note: "depends on what changes" },
  ];
};

/** What holds a backup's objects: some MB, without the volumes. */
export const storageAccount: Charges = (_, { prices }) => [
  { meter: prices.meter("blob-hot"), quantity: {}, note: "depends on use" },
];
