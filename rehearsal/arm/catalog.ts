import { readFileSync } from "node:fs";

/** A VM size as data/sizes.csv has it; what its columns mean stands in data/README.md. */
export interface VmSize {
  size: string;
  family: string;
  vCPUs: number;
  /** vCPUs that a constrained size leaves usable; quota counts `vCPUs`. */
  available: number | undefined;
  memoryGiB: number;
  gpus: number;
  gpuModel: string | undefined;
  /** Memory of all GPUs of the size together. */
  gpuMemoryGiB: number | undefined;
  arch: "x64" | "Arm64";
  zones: string[];
  lowPriority: boolean;
  premiumIO: boolean;
  acceleratedNetworking: boolean;
  ephemeralOsDisk: boolean;
  tempMiB: number;
  hyperV: string[];
  /** `Location` and `Zone` when this subscription may not use it, as real lists say of most old sizes. */
  restricted: string[];
  regions: string[];
}

/** Region names with their display names. */
export const regions: Readonly<Record<string, string>> = {
  eastus: "East US",
  eastus2: "East US 2",
  southcentralus: "South Central US",
  westus2: "West US 2",
  westus3: "West US 3",
  northeurope: "North Europe",
  westeurope: "West Europe",
  uksouth: "UK South",
  swedencentral: "Sweden Central",
  australiaeast: "Australia East",
};

/** All sizes, by lower-cased name. */
export const sizes: ReadonlyMap<string, VmSize> = new Map(
  readCsv("sizes.csv").map((row) => [String(row["size"]).toLowerCase(), toSize(row)]),
);

/** The size of that name, when the region offers it. */
export function sizeIn(location: string, name: unknown): VmSize | undefined {
  const size = sizes.get(String(name).toLowerCase());
  return size?.regions.includes(location) ? size : undefined;
}

function toSize(row: Record<string, string>): VmSize {
  const list = (key: string) => (row[key] ?? "").split(" ").filter(Boolean);
  const flag = (letter: string) => (row["flags"] ?? "").includes(letter);
  const optional = (key: string) => (row[key] ? Number(row[key]) : undefined);
  return {
    size: row["size"] ?? "",
    family: row["family"] ?? "",
    vCPUs: Number(row["vCPUs"]),
    available: optional("available"),
    memoryGiB: Number(row["memoryGiB"]),
    gpus: Number(row["gpus"]),
    gpuModel: row["gpuModel"] || undefined,
    gpuMemoryGiB: optional("gpuMemoryGiB"),
    arch: row["arch"] === "Arm64" ? "Arm64" : "x64",
    zones: list("zones"),
    lowPriority: flag("s"),
    premiumIO: flag("p"),
    acceleratedNetworking: flag("a"),
    ephemeralOsDisk: flag("e"),
    tempMiB: Number(row["tempMiB"]),
    hyperV: list("hyperV"),
    restricted: list("restricted"),
    regions: list("regions"),
  };
}

// The files have no quoted cells, which data.test.ts makes sure of.
function readCsv(name: string): Record<string, string>[] {
  const text = readFileSync(new URL(`data/${name}`, import.meta.url), "utf8");
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const columns = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
  });
}
