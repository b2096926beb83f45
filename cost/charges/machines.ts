import { type Charge, type ChargeContext, type Charges, input, textOf } from "../charge.ts";
import type { Resource } from "../resource.ts";
import { diskMeter } from "./disks.ts";

/** A virtual machine that nobody's cluster made, with the disks that are written in it. */
export const virtualMachine: Charges = (resource, context) =>
  machines(resource, textOf(resource, "hardwareProfile.vmSize"), 1, "", context);

/** A scale set, at the number of machines that it is made with. */
export const virtualMachines: Charges = (resource, context) =>
  machines(
    resource,
    textOf(resource, "sku.name"),
    Number(input(resource, "sku.capacity") ?? 1),
    "virtualMachineProfile.",
    context,
  );

interface Disk {
  diskSizeGB?: number;
  createOption?: string;
  managedDisk?: { storageAccountType?: string };
}

/** What an image of Linux takes where nobody says more, in GiB. */
const IMAGE_GIB = 30;

function machines(
  resource: Resource,
  vmSize: string | undefined,
  count: number,
  at: string,
  { prices, hours }: ChargeContext,
): Charge[] {
  const spot = textOf(resource, `${at}priority`) === "Spot";
  const windows =
    input(resource, `${at}osProfile.windowsConfiguration`) !== undefined ||
    textOf(resource, `${at}storageProfile.osDisk.osType`) === "Windows";
  const linux = prices.vm(vmSize ?? "of no size", { spot });
  const meter = windows ? { ...linux, price: () => "the table has prices of Linux only" } : linux;
  const osDisk = input(resource, `${at}storageProfile.osDisk`) as Disk | undefined;
  const dataDisks = (input(resource, `${at}storageProfile.dataDisks`) ?? []) as Disk[];
  const months = (hours / 730) * count;
  const note = `${count} ${count === 1 ? "machine" : "machines"}`;
  const disks = [osDisk ?? {}, ...dataDisks].filter(({ createOption }) => createOption !== "Attach");
  return [
    { meter, quantity: { rest: hours * count, full: hours * count }, note },
    ...disks.map((disk) => ({
      meter: meterOf(disk, prices),
      quantity: { rest: months, full: months },
      note: `${note}, disks`,
    })),
  ];
}

/** Without a type a machine that can gets Premium SSD: the most that it costs. */
function meterOf({ managedDisk, diskSizeGB = IMAGE_GIB }: Disk, prices: ChargeContext["prices"]) {
  const { storageAccountType = "Premium_LRS" } = managedDisk ?? {};
  if (storageAccountType === "Premium_LRS") return prices.meter(diskMeter("p", diskSizeGB));
  if (storageAccountType === "StandardSSD_LRS") return prices.meter(diskMeter("e", diskSizeGB));
  return {
    words: `disk of the type ${storageAccountType}`,
    unit: "month" as const,
    retail: { serviceName: "Storage" },
    price: () => "no price in the table",
  };
}
