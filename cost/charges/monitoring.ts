import { always, type Charges, input, textOf } from "../charge.ts";

const SECONDS_OF_HOUR = 3600;

/** Logs: taken in by the GB, up to the daily cap; kept beyond what the price has in it. */
export const logWorkspace: Charges = (resource, { prices, hours, logsGbPerDay }) => {
  const cap = input(resource, "workspaceCapping.dailyQuotaGb");
  const most = typeof cap === "number" && cap > 0 ? cap : undefined;
  const days = hours / 24;
  const rest = logsGbPerDay === undefined ? undefined : Math.min(logsGbPerDay, most ?? logsGbPerDay) * days;
  const kept = Number(input(resource, "retentionInDays") ?? 30);
  return [
    {
      meter: prices.meter("logs-ingestion"),
      quantity: { rest, full: most === undefined ? rest : most * days },
      note: most === undefined ? "no daily cap" : `daily cap ${most} GB; --logs-gb says how many there are`,
    },
    ...(kept > 31 ? [{ meter: prices.meter("logs-retention"), quantity: {}, note: `${kept} days` }] : []),
  ];
};

/** Prometheus samples, by the number. */
export const metricsWorkspace: Charges = (_, { prices, hours, samplesPerSecond }) => {
  const samples =
    samplesPerSecond === undefined ? undefined : (samplesPerSecond * hours * SECONDS_OF_HOUR) / 10_000_000;
  return [
    {
      meter: prices.meter("metrics-ingestion"),
      quantity: { rest: samples, full: samples },
      note: "--samples says how many there are a second",
    },
  ];
};

export const grafana: Charges = (_, { prices, hours }) => [always(prices.meter("grafana"), hours)];

/** A log alert, by how often it looks. */
export const logAlert: Charges = (resource, { prices, hours }) => {
  const every = /^PT(\d+)M$/.exec(textOf(resource, "evaluationFrequency") ?? "")?.[1];
  const minutes = [1, 5, 10].find((each) => each >= Number(every ?? 15)) ?? 15;
  return [always(prices.meter(`log-alert-${minutes}`), hours)];
};

/** A logic app that passes notifications on, by the steps that it takes. */
export const logicApp: Charges = (_, { prices }) => [
  { meter: prices.meter("logic-app"), quantity: {}, note: "depends on notifications" },
];
