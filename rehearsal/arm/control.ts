import { type ArmRequest, jsonOf, type Reply } from "./http.ts";
import { reviewAccess } from "./kubernetesAccess.ts";
import { type Scenario, scenarioNamed } from "./scenarios.ts";
import type { World } from "./world.ts";

/**
 * What the rehearsal itself may ask, outside Azure's paths: what exists, what was asked, which faults play, and whose
 * certificates receivers of alerts may have. And what the API server asks of Azure about users.
 */
export class Control {
  readonly #world: World;
  readonly #counts = new Map<string, number>();
  readonly #versions = new Map<string, Set<string>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Counts a request to ARM. */
  count(request: ArmRequest, type: string): void {
    const key = `${request.method} ${type}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const version = request.query.get("api-version");
    if (version) {
      this.#versions.set(type, (this.#versions.get(type) ?? new Set()).add(version));
    }
  }

  /** Undefined for a path of Azure's. */
  reply(request: ArmRequest): Reply | undefined {
    if (!request.path.startsWith("/_rehearsal/")) {
      return undefined;
    }
    switch (`${request.method} ${request.path}`) {
      case "GET /_rehearsal/inventory":
        return {
          status: 200,
          body: {
            resources: this.#world.store
              .all()
              .map(({ id, type, state, created }) => ({ id, type, provisioningState: state, created })),
          },
        };
      case "GET /_rehearsal/requests":
        return { status: 200, body: this.#requests() };
      case "POST /_rehearsal/access":
        return { status: 200, body: reviewAccess(this.#world, jsonOf(request)) };
      case "PUT /_rehearsal/trust":
        this.#world.notifications.trust = request.text;
        return { status: 200, body: {} };
      case "PUT /_rehearsal/scenario":
        return this.#play(jsonOf(request));
      default:
        return { status: 404, body: { error: `no ${request.method} ${request.path}` } };
    }
  }

  #requests(): unknown {
    return {
      scenario: this.#world.faults.scenario.name,
      faults: [...this.#world.faults.hits].map((hits) => hits ?? 0),
      requests: [...this.#counts].map(([key, count]) => {
        const [method, type] = key.split(" ", 2);
        return { method, type, count };
      }),
      apiVersions: Object.fromEntries([...this.#versions].map(([type, seen]) => [type, [...seen]])),
    };
  }

  #play(body: unknown): Reply {
    try {
      const asked = body as Partial<Scenario> & { name: string };
      const isWhole = asked.rules ?? asked.quotas ?? asked.restricted;
      const scenario = isWhole ? { description: "", ...asked } : scenarioNamed(asked.name);
      this.#world.faults.play(scenario);
      return { status: 200, body: scenario };
    } catch (error) {
      return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
}
