import type { Feature, Panel, Section } from "./panel.ts";
import { audit } from "./sections/audit.ts";
import { mcpCalls } from "./sections/calls.ts";
import { cost } from "./sections/cost.ts";
import { gpus } from "./sections/gpus.ts";
import { health } from "./sections/health.ts";
import { ingress } from "./sections/ingress.ts";
import { models } from "./sections/models.ts";
import { objectives } from "./sections/objectives.ts";
import { quota } from "./sections/quota.ts";
import { search } from "./sections/search.ts";

/** The whole dashboard, in its order: what hurts first, what costs last. */
export const SECTIONS: readonly Section[] = [
  health,
  objectives,
  mcpCalls,
  search,
  models,
  gpus,
  ingress,
  quota,
  cost,
  audit,
];

/** The sections and panels of a platform with these features; what it hasn't would be empty for ever. */
export function sectionsFor(features: ReadonlySet<Feature>): Section[] {
  const has = ({ needs }: Section | Panel) => needs === undefined || features.has(needs);
  return SECTIONS.filter(has)
    .map((section) => ({ ...section, panels: section.panels.filter(has) }))
    .filter(({ panels }) => panels.length > 0);
}
