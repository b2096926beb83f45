import { styleText } from "node:util";
import { nodesAtMost } from "../../components/vmSkuSelection/judge.ts";
import { caveat, remediesOf } from "../../components/vmSkuSelection/report.ts";
import type { SkuVerdict } from "../../components/vmSkuSelection/types.ts";
import { table, wrap } from "../table.ts";
import type { Found } from "./find.ts";

/** The answer for people: what was chosen, every candidate's verdict, and what would help. */
export function asText(found: Found, width = 80): string {
  return [headline(found), "", verdictTable(found.verdicts, width), "", ...closing(found, width)].join("\n");
}

/** The answer for machines. */
export function asJson({
  request,
  location,
  subscriptionId,
  vmSize,
  verified,
  verdicts,
  elsewhere,
}: Found): string {
  const answer = { location, subscriptionId, request, vmSize: vmSize ?? null, verified, verdicts };
  return JSON.stringify(
    vmSize ? answer : { ...answer, remedies: remediesOf(verdicts), otherLocations: elsewhere },
    undefined,
    2,
  );
}

function headline({ vmSize, verified, request, location }: Found): string {
  const nodes = nodesAtMost(request);
  const scope = `${nodes} ${nodes === 1 ? "node" : "nodes"} (surge included) in ${location}`;
  if (!vmSize) {
    return styleText(["bold", "red"], `No VM size can run ${scope}`);
  }
  return verified
    ? styleText(["bold", "green"], `${vmSize} has quota for ${scope}`)
    : styleText(["bold", "yellow"], `${vmSize} may run ${scope}: its quota is not known`);
}

function verdictTable(verdicts: readonly SkuVerdict[], width: number): string {
  const rows = verdicts.map(({ vmSize, source, code, reason, chosen }) => [
    chosen ? ">" : " ",
    vmSize,
    source,
    code,
    reason,
  ]);
  const [head = "", ...lines] = table([" ", "VM size", "from", "verdict", "why"], rows, width).split("\n");
  const coloured = lines.map((line) => (line.startsWith(">") ? styleText("green", line) : line));
  return [styleText("bold", head), ...coloured].join("\n");
}

function closing(found: Found, width: number): string[] {
  if (found.vmSize) {
    return wrap(caveat, width);
  }
  const elsewhere = Object.entries(found.elsewhere).map(([location, vmSize]) =>
    vmSize ? `use ${location}, where ${vmSize} would pass` : `${location} has no size that would pass either`,
  );
  const remedies = [
    ...(found.regionKnown
      ? []
      : [`check the name of the region: Azure lists no VM size in "${found.location}"`]),
    ...remediesOf(found.verdicts),
    ...elsewhere,
    "ask for fewer nodes (--max-count, --max-surge) or other sizes (--preferred-skus)",
  ];
  return [
    styleText("bold", "What would help:"),
    ...remedies.flatMap((remedy) =>
      wrap(remedy, width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`),
    ),
  ];
}
