/** What a VM size's name tells of it. */
export interface SizeName {
  /** vCPUs that quota counts. */
  vcpus: number;
  /** The quota's name, as `az vm list-usage` shows it, in lower case and without blanks. */
  quota: string;
}

/**
 * Reads a VM size's name: family, vCPUs (with a smaller number after a dash for what a constrained size may use;
 * quota counts the full one), features, accelerator and version. Sizes without a version in their name, and D11 to
 * D15, number their sizes instead of counting vCPUs, so nothing is read from them.
 * Source: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
export function readVmSize(vmSize: string): SizeName | undefined {
  const [, family = "", vcpus, features = "", accelerator = "", version = ""] =
    /^standard_([a-z]+?)(\d+)(?:-\d+)?([a-z]*)(?:_([a-z]\w*))?_(v\d+)$/i.exec(vmSize) ?? [];
  if (vcpus === undefined || /^standard_ds?1[1-5](-\d+)?_v2$/i.test(vmSize)) return undefined;
  // Dv2 and DSv2 number their sizes as well: DS4_v2 has 8 vCPUs.
  if (/^standard_ds?\d+(-\d+)?_v2$/i.test(vmSize)) return undefined;
  const parts = `${family}${features}${accelerator}${version}`.replaceAll("_", "");
  return { vcpus: Number(vcpus), quota: `standard${parts}family`.toLowerCase() };
}
