import { callsSample } from "./sample/calls.ts";
import { healthSample } from "./sample/health.ts";
import { modelsSample } from "./sample/models.ts";
import { platformSample } from "./sample/platform.ts";
import { searchSample } from "./sample/search.ts";
import type { PanelSample } from "./sample/series.ts";

export type { PanelSample, SampleSeries } from "./sample/series.ts";

/**
 * A day of an imagined platform, by panel: people come at nine, the model has a rush before lunch, and from two
 * o'clock on a search engine refuses for three quarters of an hour. All panels tell of the same day.
 */
export const SAMPLE: Readonly<Record<string, PanelSample>> = {
  ...healthSample,
  ...callsSample,
  ...searchSample,
  ...modelsSample,
  ...platformSample,
};
