import type { Stage } from "./stage.ts";

/** A series with its present value. */
export interface Series {
  metric: Record<string, string>;
  value: number;
}

/** A rule that Prometheus follows. */
export interface Rule {
  name: string;
  health: string;
  lastError?: string;
}

/** The present values of an expression, in the stage's Prometheus. */
export async function valuesOf(stage: Stage, expression: string): Promise<Series[]> {
  const query = new URLSearchParams({ query: expression });
  const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
    stage,
    `query?${query}`,
  );
  return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}

/** The names of all series that Prometheus has of a job. */
export async function seriesOf(stage: Stage, job: string): Promise<string[]> {
  const query = new URLSearchParams({ "match[]": `{job="${job}"}` });
  return await ask<string[]>(stage, `label/__name__/values?${query}`);
}

/** The groups of rules that Prometheus follows. */
export async function ruleGroupsOf(stage: Stage): Promise<{ name: string; rules: Rule[] }[]> {
  return (await ask<{ groups: { name: string; rules: Rule[] }[] }>(stage, "rules")).groups;
}

async function ask<T>(stage: Stage, path: string): Promise<T> {
  const answer = await fetch(`${stage.running.environment.prometheus}/api/v1/${path}`);
  const { data, error } = (await answer.json()) as { data: T; error?: string };
  if (error !== undefined) {
    throw new Error(error);
  }
  return data;
}
