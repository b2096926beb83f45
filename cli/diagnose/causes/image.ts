import type { Cluster } from "../cluster.ts";
import { repositoryOf } from "../controllers.ts";
import { type Cause, describe, type Evidence, ofEvent, ref, type Step } from "../finding.ts";
import { type ContainerOfPod, podEvents, waiting } from "../podState.ts";
import type { Subject } from "../subject.ts";
import { WITH_PODS } from "./roles.ts";

/** Source: pkg/kubelet/images/types.go of Kubernetes 1.35; RegistryUnavailable and SignatureValidationFailed of CRI. */
const PULL_REASONS =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$/;

interface Kind {
  words: string;
  /** Of containerd and of registries. */
  pattern: RegExp;
  next: (image: string) => Step;
}

const CHECK_ACR = "az aks check-acr -g <group> -n <cluster> --acr";

// In order: a message often has several of these words.
const KINDS: readonly Kind[] = [
  {
    words: "the image is not built for this processor architecture",
    pattern: /no match for platform|does not match the specified platform|exec format error/i,
    next: (image) => ({
      text: "Build it for the nodes' architecture too",
      command: `docker manifest inspect ${image}`,
    }),
  },
  {
    words: "the registry counts too many anonymous pulls",
    pattern: /toomanyrequests|429 Too Many Requests|pull rate limit/i,
    next: () => ({ text: "Copy the image into the stack's registry", command: "az acr import --help" }),
  },
  {
    words: "the registry doesn't let the nodes in",
    pattern:
      /401 Unauthorized|403 Forbidden|unauthorized|access denied|insufficient_scope|authentication required|denied:/i,
    next: (image) =>
      isAcr(image)
        ? {
            text: "The kubelet's identity needs AcrPull, and the registry's firewall must let the nodes in",
            command: `${CHECK_ACR} ${hostOf(image)}`,
          }
        : {
            text: "Give it a Secret of the registry (imagePullSecrets)",
            command: "kubectl create secret docker-registry --help",
          },
  },
  {
    words: "there is no such image or tag",
    pattern: /not found|manifest unknown|NAME_UNKNOWN|MANIFEST_UNKNOWN|does not exist/i,
    next: (image) =>
      isAcr(image)
        ? {
            text: "See which tags there are; push the image, or correct its name",
            command: `az acr repository show-tags -n ${hostOf(image)?.split(".")[0]} --repository ${repositoryOf(image).split("/").slice(1).join("/")}`,
          }
        : { text: "Correct the name or the tag", command: `docker manifest inspect ${image}` },
  },
  {
    words: "the registry can't be reached from the node",
    pattern:
      /no such host|i\/o timeout|connection refused|deadline exceeded|network is unreachable|connection reset|TLS handshake|x509/i,
    next: (image) => ({
      text: "The node, not the pod, pulls: look at its routes, firewall and DNS",
      command: isAcr(image) ? `${CHECK_ACR} ${hostOf(image)}` : `nslookup ${hostOf(image)}`,
    }),
  },
];

/** An image can't be pulled. */
export const imagePull: Cause = {
  id: "image-pull",
  roles: WITH_PODS,
  explains: ["still-starting", "crash-loop", "pull-secret-missing", "old-pods"],
  judge(cluster, subject) {
    const [held] = waiting(subject, PULL_REASONS);
    if (held === undefined) return undefined;
    const image = imageOf(held);
    const events = podEvents(cluster, { pods: [held.pod] }, /^Failed$/, /pull/i).slice(0, 1);
    const { reason = "", message = "" } = held.status.state?.waiting ?? {};
    // The back-off's own message doesn't say why before Kubernetes 1.30; the event does.
    const said = [message, ...events.map((event) => event.message ?? "")].join("\n");
    const kind = reason === "InvalidImageName" ? undefined : KINDS.find(({ pattern }) => pattern.test(said));
    return {
      summary: `The image ${image} can't be pulled: ${kind?.words ?? (reason === "InvalidImageName" ? "it is no name of an image" : "see what the registry says")}.`,
      likelihood: 0.97,
      evidence: [
        { object: ref("pod", held.pod), field: `container ${held.status.name}, ${reason}`, value: message },
        ...events.map((event) => ofEvent(cluster, event)),
        ...secretsOf(cluster, subject),
      ],
      next: [
        ...(kind ? [kind.next(image)] : []),
        { text: "See all that the kubelet says", command: describe("pod", held.pod) },
      ],
    };
  },
};

/** Pull secrets that the pod names and that aren't there: the kubelet goes on without them. */
export const pullSecretMissing: Cause = {
  id: "pull-secret-missing",
  roles: WITH_PODS,
  judge(cluster, subject) {
    const [event] = podEvents(cluster, subject, /^FailedToRetrieveImagePullSecret$/);
    const evidence = secretsOf(cluster, subject);
    if (event === undefined && evidence.length === 0) return undefined;
    return {
      summary: "A Secret with which its images should be pulled doesn't exist.",
      likelihood: 0.5,
      evidence: [...evidence, ...(event ? [ofEvent(cluster, event)] : [])],
      next: [{ text: "See which there are", command: `kubectl -n ${subject.namespace} get secrets` }],
    };
  },
};

function secretsOf(cluster: Cluster, { pods }: Subject): Evidence[] {
  return pods
    .slice(0, 1)
    .flatMap(({ spec, metadata: { namespace = "" } }) =>
      (spec?.imagePullSecrets ?? [])
        .filter(({ name }) => cluster.secret(namespace, name).state === "missing")
        .map(({ name }) => ({ object: `secret ${namespace}/${name}`, value: "doesn't exist" })),
    );
}

function imageOf({ pod, status }: ContainerOfPod): string {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  return containers.find(({ name }) => name === status.name)?.image ?? status.image ?? "";
}

function hostOf(image: string): string | undefined {
  const [host = ""] = image.split("/");
  return /[.:]/.test(host) && image.includes("/") ? host : "docker.io";
}

function isAcr(image: string): boolean {
  return hostOf(image)?.endsWith(".azurecr.io") ?? false;
}
