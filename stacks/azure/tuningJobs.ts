import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { AcrTokenPassword } from "../../components/acrTokenPassword.ts";
import { clientConfig } from "../../components/azure/clientConfig.ts";
import { KaitoTuningJob } from "../../components/kaitoTuningJob.ts";
import type { KaitoAdapter } from "../../components/kaitoWorkspace.ts";
import { argumentsFrom, InputPropertyError } from "../../components/validation.ts";
import type { Settings, TuningJobSettings } from "../settings.ts";
import { mutable } from "../shared/mutable.ts";
import type { Foundation } from "./ai.ts";
import { type kaitoNodes, settingsOfNodes } from "./kaitoNodes.ts";

/** What a tuning job is made from. */
export interface PlaceOfJobs {
  settings: Settings;
  foundation: Foundation;
  namespace: pulumi.Output<string>;
  nodesOf: ReturnType<typeof kaitoNodes>;
  options: pulumi.ComponentResourceOptions & { dependsOn: pulumi.Resource[] };
}

/** A password for pulling is valid for twice as long: a stack that nobody updates for a year loses it. */
const PULL_ROTATION_DAYS = 180;

/** The stack's tuning jobs, each with a login to push to its one repository and another to pull. */
export function tuningJobs(place: PlaceOfJobs) {
  const jobs = new Map(
    Object.entries(place.settings.tuningJobs).map(([name, job]) => [
      name,
      argumentsFrom(
        `mcpaas:tuningJobs.${name}`,
        () => tuningJob(place, name, job),
        settingsOfNodes(place.settings, job.pool, `tuningJobs.${name}`),
      ),
    ]),
  );
  return {
    /** A job's adapter, once it is there, under the name that a model gives it. */
    adapter(job: string, { name, strength }: Pick<KaitoAdapter, "strength"> & { name?: string }) {
      const made = jobs.get(job);
      if (made === undefined) throw new InputPropertyError("tuningJob", `there is no tuning job "${job}"`);
      return made.adapter.apply((adapter) => ({ ...adapter, name: name ?? adapter.name, strength }));
    },
    /** The adapters' images, by job. */
    images: Object.fromEntries(
      [...jobs].map(([name, { adapter }]) => [name, adapter.apply(({ image }) => image)]),
    ),
  };
}

function tuningJob(
  { settings, foundation, namespace, nodesOf, options }: PlaceOfJobs,
  name: string,
  job: TuningJobSettings,
): KaitoTuningJob {
  const { cluster, registry, resourceGroupName } = foundation;
  const { pool, vmSize, input, output, ...args } = mutable(job);
  const { claim, ...source } = input;
  const { nodes, usable } = nodesOf({ name, pool, vmSize });
  return new KaitoTuningJob(
    name,
    {
      ...args,
      namespace,
      kubeconfig: cluster.kubeconfig,
      nodes,
      quota: settings.kaito.mode === "addon" ? quota(settings, cluster.id) : undefined,
      input: claim === undefined ? source : { volume: { claimName: claim } },
      output:
        output.repository === undefined
          ? { volume: { claimName: output.claim } }
          : {
              image: {
                name: pulumi.interpolate`${registry.loginServer}/${output.repository}:${output.tag}`,
                credentials: pushLogin(output.repository),
                pullSecret: pullSecret(output.repository),
              },
            },
    },
    // Not by nodes.poolId, as a model: KAITO doesn't look at a job's nodes, and a pool that is replaced would take the
    // job with it, which would train anew.
    { ...options, dependsOn: [...options.dependsOn, ...(usable ? [usable] : [])] },
  );

  function pushLogin(repository: string) {
    const token = new AcrTokenPassword(`${name}-push`, {
      ...tokenOf(repository),
      actions: "push",
      rotationDays: output.passwordRotationDays,
    });
    return { server: token.loginServer, username: token.username, password: token.password };
  }

  /** For the pods that serve the adapter: they pull it at each start, long after it was pushed, and push nothing. */
  function pullSecret(repository: string) {
    const token = new AcrTokenPassword(`${name}-pull`, {
      ...tokenOf(repository),
      actions: "pull",
      rotationDays: PULL_ROTATION_DAYS,
    });
    const secretName = `${name}-pull`;
    const secret = new Secret(
      `${name}-pull`,
      {
        metadata: { name: secretName, namespace },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": token.dockerConfigJson },
      },
      options,
    );
    return secret.urn.apply(() => secretName);
  }

  function tokenOf(repository: string) {
    return {
      resourceGroupName,
      registryName: registry.name,
      loginServer: registry.loginServer,
      repositories: [repository],
    };
  }
}

/** What KAITO's own node would take of the subscription; the cluster's nodes are counted by themselves. */
function quota({ location, otherLocations }: Settings, clusterId: pulumi.Output<string>) {
  const { subscriptionId } = clientConfig();
  return {
    subscriptionId: pulumi.output(subscriptionId),
    location,
    clusterId,
    otherLocations: [...otherLocations],
  };
}
