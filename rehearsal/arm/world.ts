import { type AgentPoolState, agentPoolStates } from "./agentPools.ts";
import type { Faults } from "./faults.ts";
import type { Notifications } from "./notifications.ts";
import { defaultLimits, withOverrides } from "./quota.ts";
import { type Resource, type Store, uuidFor } from "./store.ts";

/** Ids of the one tenant, subscription and service principal: plainly examples, never a real account's. */
export const ids = {
  tenant: "00000000-0000-0000-0000-000000000001",
  subscription: "00000000-0000-0000-0000-000000000000",
  client: "00000000-0000-0000-0000-000000000002",
  /** Object id of the service principal. */
  principal: "00000000-0000-0000-0000-000000000003",
} as const;

/** What every part of the emulation shares. */
export class World {
  readonly store: Store;
  readonly faults: Faults;
  /** Tests of action groups' receivers. */
  readonly notifications: Notifications;
  /** Base URL, without a slash at its end. */
  endpoint = "";
  readonly #seed: number;
  readonly #kubeconfig: (() => Promise<string>) | undefined;

  constructor(options: {
    store: Store;
    faults: Faults;
    notifications: Notifications;
    seed: number;
    kubeconfig?: () => Promise<string>;
  }) {
    this.store = options.store;
    this.faults = options.faults;
    this.notifications = options.notifications;
    this.#seed = options.seed;
    this.#kubeconfig = options.kubeconfig;
  }

  /** A UUID for something in this run: the same for the same seed. */
  uuid(about: string): string {
    return uuidFor(`${this.#seed} ${about.toLowerCase()}`);
  }

  /** A region's limits with the scenario's changes. */
  limits(location: string): Record<string, number> {
    const { quotas } = this.faults.scenario;
    return withOverrides(defaultLimits(location), { ...quotas?.["*"], ...quotas?.[location] });
  }

  pools(): AgentPoolState[] {
    return agentPoolStates(this.store);
  }

  /** The file that an AKS credential call returns for a cluster. */
  async kubeconfig(cluster: Resource): Promise<string> {
    return this.#kubeconfig ? this.#kubeconfig() : placeholderKubeconfig(cluster);
  }
}

// No control plane was given: a file of the right shape that leads nowhere.
function placeholderKubeconfig({ name, body }: Resource): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `https://${body.properties["fqdn"]}:443` } }],
    users: [{ name: `clusterUser_${name}`, user: {} }],
    contexts: [{ name, context: { cluster: name, user: `clusterUser_${name}` } }],
    "current-context": name,
  });
}
