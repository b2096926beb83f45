import { type Charge, type ChargeContext, type Charges, input } from "../charge.ts";

/** Sizes of managed disks in GiB by their tiers. Source: https://learn.microsoft.com/azure/virtual-machines/disks-types */
const TIERS: readonly [number, number][] = [
  ...([
    [1, 4],
    [2, 8],
    [3, 16],
    [4, 32],
    [6, 64],
    [10, 128],
    [15, 256],
  ] as [number, number][]),
  ...([
    [20, 512],
    [30, 1024],
    [40, 2048],
    [50, 4096],
    [60, 8192],
    [70, 16_384],
    [80, 32_767],
  ] as [number, number][]),
];

/** The meter of the smallest disk that has room, of Premium SSD ("p") or Standard SSD ("e"). */
export function diskMeter(kind: "p" | "e", gib: number): string {
  const [tier] = TIERS.find(([, size]) => size >= gib) ?? [80];
  return `disk-${kind}${tier}`;
}

/** What AKS's storage classes make. Source: https://learn.microsoft.com/azure/aks/concepts-storage, "Storage classes". */
const CLASSES: Record<string, "e" | "p" | "files-standard" | "files-premium"> = {
  default: "e",
  managed: "e",
  "managed-csi": "e",
  "managed-premium": "p",
  "managed-csi-premium": "p",
  azurefile: "files-standard",
  "azurefile-csi": "files-standard",
  "azurefile-premium": "files-premium",
  "azurefile-csi-premium": "files-premium",
};

/** A PersistentVolumeClaim. */
export const claim: Charges = (resource, context) => volume(resource.inputs as Claim, context, 1);

/** The claims that a StatefulSet makes, one for each pod. */
export const statefulSet: Charges = (resource, context) => {
  const templates = (input(resource, "spec.volumeClaimTemplates") ?? []) as Claim[];
  const replicas = Number(input(resource, "spec.replicas") ?? 1);
  return templates.flatMap((each) => volume(each, context, replicas));
};

interface Claim {
  metadata?: { name?: string };
  spec?: { storageClassName?: string; resources?: { requests?: { storage?: string } } };
}

function volume({ metadata, spec }: Claim, { prices, hours }: ChargeContext, count: number): Charge[] {
  const { storageClassName = "default", resources } = spec ?? {};
  const gib = inGib(resources?.requests?.storage);
  const kind = CLASSES[storageClassName];
  const months = (hours / 730) * count;
  const note = `${metadata?.name ?? "volume"}, class ${storageClassName}`;
  if (kind === undefined || gib === undefined) {
    const quantity = { rest: months, full: months };
    return [{ meter: unknownVolume(storageClassName, gib), quantity, note }];
  }
  if (kind === "files-standard" || kind === "files-premium") {
    // A GiB of Azure Files is charged as one GB of its price list.
    const quantity =
      kind === "files-premium"
        ? { rest: months * Math.max(gib, 100), full: months * Math.max(gib, 100) }
        : {};
    return [
      {
        meter: prices.meter(kind),
        quantity: { ...quantity, ...(kind === "files-standard" && { full: months * gib }) },
        note,
      },
    ];
  }
  return [{ meter: prices.meter(diskMeter(kind, gib)), quantity: { rest: months, full: months }, note }];
}

function unknownVolume(storageClass: string, gib: number | undefined) {
  return {
    words: "volume",
    unit: "month" as const,
    retail: { serviceName: "Storage" },
    price: () =>
      gib === undefined ? "its size isn't known" : `what the storage class ${storageClass} makes isn't known`,
  };
}

const UNITS: Record<string, number> = {
  Mi: 1 / 1024,
  Gi: 1,
  Ti: 1024,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
  T: 1e12 / 2 ** 30,
};

function inGib(quantity: string | undefined): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)(Mi|Gi|Ti|M|G|T)$/.exec(quantity ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] as number);
}
