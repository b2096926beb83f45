import type { Cluster } from "../cluster.ts";
import type { Cause, Evidence } from "../finding.ts";
import { failed, logLine, ofLog } from "../podState.ts";
import type { Role, Subject } from "../subject.ts";
import { endLog, lastLines, ofEnd } from "./crash.ts";

const TUNING: readonly Role[] = ["tuning"];

const DATA_CONTAINERS = /^(data-downloader|puller)/;

/** The data set can't be fetched. Sources: scripts/data-downloader.sh and image/puller.sh of KAITO 0.11.0. */
export const tuningData: Cause = {
  id: "tuning-data",
  roles: TUNING,
  explains: ["tuning-failed", "still-starting"],
  judge(cluster, subject) {
    const ended = failed(subject).find(({ status }) => DATA_CONTAINERS.test(status.name));
    if (ended === undefined) return undefined;
    const line = logLine(
      cluster,
      { pods: [ended.pod] },
      /Failed to download|HTTP status code|unauthorized|denied|not found|manifest unknown|curl:/i,
      ended.status.name,
    );
    const { urls = [], image } = subject.workspace?.tuning?.input ?? {};
    return {
      summary: `The training data can't be fetched from ${image ?? urls.join(", ")}.`,
      likelihood: 0.96,
      evidence: [ofEnd(ended), ...(line ? [ofLog(line)] : lastLines(cluster, ended))],
      next: [
        image
          ? {
              text: "The image needs /data, and a Secret in imagePullSecrets if its registry asks for one",
              command: `docker manifest inspect ${image}`,
            }
          : {
              text: "It must be there without signing in, and answer with 200",
              command: `curl -sSIL ${urls[0] ?? "<url>"}`,
            },
        { text: "See the whole log", command: endLog(ended) },
      ],
    };
  },
};

/** The result can't be pushed. Source: image/pusher.sh of KAITO 0.11.0, which is oras. */
export const tuningPush: Cause = {
  id: "tuning-push",
  roles: TUNING,
  explains: ["tuning-failed", "reference-missing", "still-starting"],
  judge(cluster, subject) {
    const { image, imagePushSecret } = subject.workspace?.tuning?.output ?? {};
    const ended = failed(subject).find(({ status }) => status.name === "pusher");
    const secret = imagePushSecret === undefined ? undefined : pushSecret(cluster, subject, imagePushSecret);
    if (ended === undefined && secret === undefined) return undefined;
    const line = logLine(
      cluster,
      subject,
      /denied|unauthorized|40[13]|not found|no such host|timeout/i,
      "pusher",
    );
    return {
      summary: secret
        ? `The Secret ${imagePushSecret} with which its result should be pushed ${secret.words}.`
        : `Its result can't be pushed to ${image}${line && /denied|unauthorized|40[13]/i.test(line.line) ? ": the registry refuses" : ""}.`,
      likelihood: ended ? 0.96 : 0.93,
      evidence: [
        ...(secret ? [secret.evidence] : []),
        ...(ended ? [ofEnd(ended), ...(line ? [ofLog(line)] : lastLines(cluster, ended))] : []),
      ],
      next: [
        {
          text: "Renew the token, which may have expired, and the Secret with it; it needs content/write on the repository",
          command: "pulumi up --refresh",
        },
        ...(imagePushSecret
          ? [{ text: "", command: `kubectl -n ${subject.namespace} describe secret ${imagePushSecret}` }]
          : []),
      ],
    };
  },
};

/** KAITO mounts the key .dockerconfigjson of it. Source: ConfigImagePushSecretVolume in pkg/utils/common_preset.go. */
function pushSecret(
  cluster: Cluster,
  { namespace }: Subject,
  name: string,
): { words: string; evidence: Evidence } | undefined {
  const { state, type, keys } = cluster.secret(namespace, name);
  const object = `secret ${namespace}/${name}`;
  if (state === "missing") return { words: "doesn't exist", evidence: { object, value: "doesn't exist" } };
  if (state === "there" && type !== undefined && type !== "kubernetes.io/dockerconfigjson") {
    if (keys?.includes(".dockerconfigjson")) return undefined;
    return {
      words: `has the type ${type}, not kubernetes.io/dockerconfigjson`,
      evidence: { object, field: "type", value: type },
    };
  }
  return undefined;
}
