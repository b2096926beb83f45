import { Command, InvalidArgumentError } from "commander";
import { stringify } from "yaml";

const examples = `
Examples:
  $ curl -G https://prices.azure.com/api/retail/prices --data-urlencode \\
      "\\$filter=armRegionName eq 'eastus' and serviceName eq 'Virtual Machines'" \\
      > page1.json
  $ npm run --silent cost:prices -- --from page1.json page2.json > prices.yaml
  $ npm run cost -- -s dev --prices prices.yaml

The list comes in pages; each names the next one in NextPageLink.

Exit codes:
  0  the table is printed
  2  the command line is wrong, or a file is no page of the list`;

/** `mcpaas cost-prices`: makes the table for `mcpaas cost --prices` from Azure's public price list. */
export function costPricesCommand(): Command {
  return new Command("cost-prices")
    .description("Make a table of prices from pages of Azure's public price list.")
    .requiredOption("--from <files...>", "pages that were fetched, as JSON")
    .option("--date <day>", "day on which they were fetched (default: today)", day)
    .addHelpText("after", examples)
    .action(async ({ from, date }: { from: string[]; date?: string }) => {
      const { readPrices } = await import("./cost/ownPrices.ts");
      const { tableOf } = await import("./cost/retail.ts");
      const today = new Date().toISOString().slice(0, 10);
      console.log(stringify(await tableOf(from, date ?? today, await readPrices())).trimEnd());
    });
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError("It must be a day such as 2026-11-23.");
  }
  return text;
}
