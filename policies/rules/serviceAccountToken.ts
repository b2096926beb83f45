import { all, same } from "../lib/answer.ts";
import { podPath } from "../lib/containers.ts";
import { holdsPods, podsOf } from "../lib/pods.ts";
import { type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { together } from "../lib/workloads.ts";

const account = /^kubernetes:core\/v1:ServiceAccount$/;

/**
 * Pods get a token of the Kubernetes API only where somebody said that they need one.
 *
 * Kubernetes mounts one unless the pod, or else its account, says no. Source:
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
 */
export const serviceAccountToken = stackRule<object>({
  name: "service-account-token",
  displayName: "No token where none is needed",
  severity: "medium",
  // Advisory: an account may be made outside of the stack, and many charts leave the default.
  level: "advisory",
  demands:
    "Each pod, or its account, has automountServiceAccountToken: false, or the pod says true and has an account of its own.",
  why:
    "Kubernetes mounts a token into every pod that doesn't object. Who gets into the pod calls the API server with it, " +
    "and has every right that anybody ever gives to the account.",
  fix: "Set automountServiceAccountToken: false; where the API is needed, say true, and give the pod an account of its own.",
  config: {},
  check(resources, _config, found) {
    const accounts = resources.filter(({ type }) => account.test(type));
    for (const resource of resources) {
      if (!holdsPods(resource.type)) continue;
      for (const pod of podsOf(resource.type, resource.props)) {
        if (pod.partial || pod.spec instanceof Unknown) continue;
        const said = dig(pod.spec, "automountServiceAccountToken");
        if (said === false) continue;
        if (said instanceof Unknown) {
          found.unknown(said, resource);
          continue;
        }
        const name = dig(pod.spec, "serviceAccountName") ?? "default";
        const at = `${podPath(pod, "automountServiceAccountToken")} is ${said === true ? "true" : "not set"}`;
        if (said === true) {
          if (name !== "default") continue;
          found.violation(
            `The pod gets a token of the account that all share (${at}, no serviceAccountName).`,
            resource,
          );
          continue;
        }
        const answers = accounts.map((each) => declines(each, name, resource));
        if (answers.includes(true)) continue;
        const hidden = answers.find((each) => each instanceof Unknown);
        if (hidden instanceof Unknown) found.unknown(hidden, resource);
        else
          found.violation(
            `The pod gets a token of the account ${name} without saying that it needs one (${at}).`,
            resource,
          );
      }
    }
  },
});

/** Whether this is the pod's account, and says that its pods get no token. */
function declines(each: StackResource, name: unknown, resource: StackResource) {
  return all([
    together(each, resource),
    same(dig(each.props, "metadata", "name"), name),
    same(dig(each.props, "automountServiceAccountToken"), false),
  ]);
}
