import { incident } from "./day.ts";
import { at, over, type PanelSample } from "./series.ts";
import { ENGINES, REFUSING, rateOf } from "./world.ts";

type Engine = (typeof ENGINES)[number];

/** Searches are the most of the calls of this server; what an engine refuses goes to the next one. */
const searches = ({ engine, share }: Engine, hour: number) =>
  rateOf("open-websearch", hour) * 0.6 * (share + (engine === "startpage" ? 0.35 * incident(hour) : 0));
const failing = ({ engine, failing }: Engine, hour: number) =>
  failing + (engine === REFUSING ? 0.68 * incident(hour) : 0);
const byEngine = (curve: (engine: Engine, hour: number) => number, unrest?: number): PanelSample => ({
  series: ENGINES.map((engine) => over({ engine: engine.engine }, (hour) => curve(engine, hour), unrest)),
});

export const searchSample: Record<string, PanelSample> = {
  "engine-requests": byEngine(searches),
  "engine-failure-rate": byEngine(failing, 0.25),
  "engine-failure-reasons": {
    series: [
      over({ engine: "brave", reason: "rate-limited" }, (hour) => 0.5 * incident(hour)),
      over({ engine: "brave", reason: "timeout" }, (hour) => 0.012 * rateOf("open-websearch", hour), 0.5),
      over({ engine: "startpage", reason: "blocked" }, (hour) => 0.009 * rateOf("open-websearch", hour), 0.5),
    ],
  },
  "engine-fallbacks": {
    series: [at({ engine: "brave" }, 512), at({ engine: "startpage" }, 61), at({ engine: "hackernews" }, 4)],
  },
};
