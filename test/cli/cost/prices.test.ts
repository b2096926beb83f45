import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { readPrices } from "../../../cli/cost/ownPrices.ts";
import { tableOf } from "../../../cli/cost/retail.ts";
import { main } from "../../../cli/main.ts";

const prices = await readPrices();

async function file(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "page.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** An entry in the form that Azure documents. */
const entry = (over: object) => ({
  currencyCode: "USD",
  tierMinimumUnits: 0,
  retailPrice: 0.1,
  unitPrice: 0.1,
  armRegionName: "eastus2",
  location: "US East 2",
  effectiveStartDate: "2026-11-01T00:00:00Z",
  productName: "Virtual Machines Dasv5 Series",
  skuName: "D2as v5",
  serviceName: "Virtual Machines",
  unitOfMeasure: "1 Hour",
  type: "Consumption",
  isPrimaryMeterRegion: true,
  armSkuName: "Standard_D2as_v5",
  meterName: "D2as v5",
  ...over,
});

it("every price has its day and its source", () => {
  for (const id of prices.meterIds) {
    const meter = prices.meter(id);
    for (const region of ["eastus", "westus", "westeurope"]) {
      const price = meter.price(region);
      if (typeof price !== "string")
        expect(price).toMatchObject({ date: /^\d{4}-\d\d-\d\d$/, source: /.{10}/ });
    }
  }
});

it("a price that is known elsewhere only isn't taken from there", () => {
  expect(prices.vm("Standard_D2as_v5").price("eastus")).toMatchObject({ usd: 0.086, date: "2025-05-16" });
  // Azure's data have the price of Windows there.
  expect(prices.vm("Standard_D2as_v5").price("eastus2")).toBe(
    "no price for eastus2 (australiaeast: 0.108 USD a hour)",
  );
  expect(prices.vm("standard_d2as_v5").price("eastus")).toMatchObject({ usd: 0.086 });
});

it("prices of one's own come before the table's", async () => {
  const own = await file(
    JSON.stringify({
      currency: "USD",
      date: "2026-11-20",
      source: "our contract",
      meters: { "acr-standard": { eastus: 0.6 } },
      vms: { Standard_D2as_v5: { eastus: 0.05 }, "Standard_D2as_v5 spot": { eastus: 0.01 } },
    }),
  );
  const laid = await readPrices(own);
  const mine = { date: "2026-11-20", source: "our contract" };
  expect(laid.vm("Standard_D2as_v5").price("eastus")).toEqual({ usd: 0.05, ...mine });
  expect(laid.vm("Standard_D2as_v5", { spot: true }).price("eastus")).toEqual({ usd: 0.01, ...mine });
  expect(laid.meter("acr-standard").price("eastus")).toEqual({ usd: 0.6, ...mine });
  expect(laid.vm("Standard_D2as_v5").price("westus3")).toMatchObject({ usd: 0.086 });
});

it.each([
  ["a file that isn't there", undefined, /can't be read/],
  ["another form", { currency: "EUR" }, /another form/],
  [
    "a meter that nothing is charged by",
    { currency: "USD", date: "2026-11-20", source: "x", meters: { "acr-huge": { eastus: 1 } } },
    /acr-huge; there are aks-standard-tier/,
  ],
])("%s is an error", async (_, content, why) => {
  const path = content === undefined ? "/nowhere/prices.yaml" : await file(content);
  await expect(readPrices(path)).rejects.toThrow(why);
});

it("Azure's public list becomes such a table: Linux on demand, spot, and the dearest tier of a meter", async () => {
  const page = await file({
    Items: [
      entry({}),
      entry({ productName: "Virtual Machines Dasv5 Series Windows", retailPrice: 0.2 }),
      entry({ skuName: "D2as v5 Spot", meterName: "D2as v5 Spot", retailPrice: 0.02 }),
      entry({ skuName: "D2as v5 Low Priority", retailPrice: 0.03 }),
      entry({ type: "Reservation", retailPrice: 500 }),
      ...[0, 2.5].map((retailPrice) =>
        entry({ serviceName: "Log Analytics", meterName: "Analytics Logs Data Ingestion", retailPrice }),
      ),
      entry({ serviceName: "Log Analytics", meterName: "Something else", retailPrice: 9 }),
    ],
    NextPageLink: null,
  });
  expect(await tableOf([page], "2026-11-23", prices)).toEqual({
    currency: "USD",
    date: "2026-11-23",
    source: "Azure Retail Prices API",
    meters: { "logs-ingestion": { eastus2: 2.5 } },
    vms: { Standard_D2as_v5: { eastus2: 0.1 }, "Standard_D2as_v5 spot": { eastus2: 0.02 } },
  });
});

it.each([
  ["no JSON", "<html>", /can't be read/],
  ["no page of the list", { value: [] }, /no page/],
  ["another currency", { Items: [entry({ currencyCode: "EUR" })] }, /prices in EUR/],
  ["nothing that is used", { Items: [entry({ serviceName: "Bing" })] }, /no price in these pages/],
])("%s is refused", async (_, content, why) => {
  await expect(tableOf([await file(content)], "2026-11-23", prices)).rejects.toThrow(why);
});

it("mcpaas cost-prices prints what mcpaas cost --prices reads", async () => {
  const page = await file({ Items: [entry({})] });
  const printed: string[] = [];
  const log = console.log;
  console.log = (text: string) => void printed.push(text);
  onTestFinished(() => {
    console.log = log;
  });
  expect(await main(["cost-prices", "--from", page, "--date", "2026-11-01"])).toBe(0);
  const own = await file(parse(printed.join("\n")));
  expect((await readPrices(own)).vm("Standard_D2as_v5").price("eastus2")).toMatchObject({
    usd: 0.1,
    date: "2026-11-01",
  });
});
