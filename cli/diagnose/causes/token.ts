import { findModel } from "../../../components/kaito/models.ts";
import type { Cluster } from "../cluster.ts";
import type { Cause, Evidence, Step } from "../finding.ts";
import { logCommand, logLine, ofLog } from "../podState.ts";
import { type Subject, titleOf } from "../subject.ts";
import { lastError } from "./reconcile.ts";

/** What huggingface_hub says, and KAITO's own generator ("authentication required for accessing …"). */
const DENIED =
  /gated repo|GatedRepoError|Cannot access gated|is restricted|40[13] Client Error.*huggingface|huggingface\.co.*40[13]|Invalid credentials in Authorization header|authentication required for accessing|HF_TOKEN not found|failed to get secret/i;

const MISSING = "doesn't exist";

/** A model that must be asked for with a token, and the token is missing or isn't let in. */
export const gatedModel: Cause = {
  id: "gated-model",
  roles: ["inference", "rag"],
  explains: [
    "crash-loop",
    "still-starting",
    "probe-failing",
    "downloads-blocked",
    "model-unknown",
    "reconcile-error",
  ],
  judge(cluster, subject) {
    const { preset, secret } = tokenOf(subject);
    const gated = findModel(preset)?.gated ?? false;
    const line = logLine(cluster, subject, DENIED);
    const last = lastError(subject);
    const error = last && DENIED.test(last.error) ? last : undefined;
    const lacking = secret === undefined ? undefined : lack(cluster, subject.namespace, secret);
    const unnamed = gated && secret === undefined && subject.role === "inference";
    if (!line && !error && !lacking && !unnamed) return undefined;
    const denied = line !== undefined || error !== undefined;
    return {
      summary: summaryOf({ preset, secret, lacking: lacking?.words, unnamed }),
      // A public model does without a token, whatever its Secret is.
      likelihood: denied ? 0.97 : gated ? 0.9 : 0.4,
      evidence: [
        ...(lacking ? [lacking.evidence] : []),
        ...(unnamed
          ? [
              {
                object: titleOf(subject),
                field: "inference.preset.presetOptions.modelAccessSecret",
                value: "not set",
              },
            ]
          : []),
        ...(error
          ? [{ object: titleOf(subject), field: `condition ${error.type}`, value: error.error }]
          : []),
        ...(line ? [ofLog(line)] : []),
      ],
      next: [
        {
          text: `Accept the model's terms at https://huggingface.co/${preset.includes("/") ? preset : (findModel(preset)?.id ?? "")}, and give the stack a token that may read it`,
          command: "pulumi config set --secret mcpaas:huggingFaceToken && pulumi up",
        },
        ...(secret === undefined ? [] : [byHand(subject.namespace, secret, lacking?.words === MISSING)]),
        ...(line ? [{ text: "See the whole log", command: logCommand(line) }] : []),
      ],
    };
  },
};

function tokenOf({ workspace, rag }: Subject): { preset: string; secret?: string } {
  const preset = workspace?.inference?.preset;
  const local = rag?.spec?.embedding?.local;
  return {
    preset: preset?.name ?? local?.modelID ?? "",
    // A RAG engine of 0.11.0 passes its Secret's name on in a variable that its service doesn't read: it has no token.
    secret: preset?.presetOptions?.modelAccessSecret || undefined,
  };
}

/** KAITO takes the token as optional, so that neither a missing Secret nor a missing key holds the pod. */
function lack(
  cluster: Cluster,
  namespace: string,
  name: string,
): { words: string; evidence: Evidence } | undefined {
  const { state, keys } = cluster.secret(namespace, name);
  const object = `secret ${namespace}/${name}`;
  if (state === "missing") return { words: MISSING, evidence: { object, value: MISSING } };
  if (state === "there" && keys !== undefined && !keys.includes("HF_TOKEN")) {
    return {
      words: "has no key HF_TOKEN",
      evidence: { object, field: "keys", value: keys.join(", ") || "none" },
    };
  }
  return undefined;
}

function byHand(namespace: string, secret: string, missing: boolean): Step {
  return {
    text: "Or, where no stack makes the Secret, put the token into its key HF_TOKEN",
    command: missing
      ? `kubectl -n ${namespace} create secret generic ${secret} --from-literal=HF_TOKEN=<token>`
      : `kubectl -n ${namespace} patch secret ${secret} -p '{"stringData":{"HF_TOKEN":"<token>"}}'`,
  };
}

function summaryOf(known: { preset: string; secret?: string; lacking?: string; unnamed: boolean }): string {
  const { preset, secret, lacking, unnamed } = known;
  if (lacking) return `The Secret ${secret} with the access token for ${preset} ${lacking}.`;
  if (unnamed)
    return `${preset} can be downloaded only with an access token, and it names no Secret with one.`;
  return `Hugging Face doesn't give ${preset} to this token, or to nobody without one.`;
}
