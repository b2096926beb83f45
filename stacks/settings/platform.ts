import type { z } from "zod";
import { DIGEST_IMAGE, PINNED_IMAGE } from "../../components/forms.ts";
import { APP_ROUTING_CLASS } from "../../components/platformIngress/classes.ts";

const MODELS =
  "KAITO runs models on GPU nodes of Azure; give the chat app the URL of a model in chat.otherModels";
const WATCHED = "Azure Monitor is what keeps them";

/** Settings that only Azure has a meaning for, by their keys, with what there is instead. */
const AZURE_ONLY: Readonly<Record<string, string>> = {
  location: "the cluster is where local.context leads",
  otherLocations: "no VM size is chosen",
  resourceGroup: "there is no resource group",
  tags: "nothing has tags",
  network: "the network is the cluster's",
  registry: "images come from local.registry",
  cluster: "the cluster is the one of local.context",
  kaito: MODELS,
  modelNamespace: MODELS,
  huggingFaceToken: MODELS,
  models: MODELS,
  ragEngines: MODELS,
  tuningJobs: MODELS,
  aksMcp: "there is no AKS for it to look at",
  monitoring: WATCHED,
  alerts: WATCHED,
  locks: "there is nothing of Azure's to lock",
  backup: "Azure is what keeps them; docs/chat-state.md has the database's own dumps",
  "chat.database.azure": "the server is Azure's; use deploy or url",
  "ingress.dns": "its zones are Azure's; make the records where the host's zone is",
  "ingress.dnsLabel": "the name is Azure's; give ingress.host",
  "ingress.publicIp": "the address is Azure's",
  "ingress.wafPolicyId": "the policy is Azure's",
};

type Found = z.core.$ZodIssue;

/**
 * What of the settings belongs to another platform, and what the platform lacks. It looks at what was written and not
 * at defaults, which every platform has.
 */
export function platformIssues(input: unknown): Found[] {
  return at(input, ["platform"]) === "local" ? onLocal(input) : onAzure(input);
}

function onAzure(input: unknown): Found[] {
  const images = Object.entries(at(input, ["images", "prebuilt"]) ?? {});
  return [
    ...(at(input, ["location"]) === undefined ? [issue("location", "a region's short name")] : []),
    ...(at(input, ["local"]) === undefined
      ? []
      : [issue("local", 'nothing, because platform is "azure"; or set platform to "local"')]),
    ...images.flatMap(([folder, image]) =>
      isText(image) && !DIGEST_IMAGE.pattern.test(image)
        ? [issue(`images.prebuilt.${folder}`, DIGEST_IMAGE.words)]
        : [],
    ),
  ];
}

function onLocal(input: unknown): Found[] {
  const foreign = Object.entries(AZURE_ONLY).filter(([key]) => isOn(at(input, key.split("."))));
  const images = Object.entries(at(input, ["images", "prebuilt"]) ?? {});
  return [
    ...foreign.map(([key, instead]) => issue(key, `nothing with platform "local": ${instead}`)),
    ...(at(input, ["local"]) === undefined
      ? [issue("local", "the context of your kubeconfig that is meant, as in { context: kind-mcpaas }")]
      : []),
    ...(at(input, ["images", "build"]) === true
      ? [issue("images.build", 'false with platform "local": docs/local.md says how images get to the nodes')]
      : []),
    ...images.flatMap(([folder, image]) =>
      isText(image) && !PINNED_IMAGE.pattern.test(image)
        ? [issue(`images.prebuilt.${folder}`, PINNED_IMAGE.words)]
        : [],
    ),
    ...ofIngress(input),
  ];
}

/** AKS brings a Gateway's class of its own; elsewhere somebody has to have installed one. */
function ofIngress(input: unknown): Found[] {
  if (at(input, ["ingress", "enabled"]) !== true) return [];
  const className = at(input, ["ingress", "className"]);
  if (isText(className) && className !== APP_ROUTING_CLASS && !className.startsWith("azure-alb")) return [];
  const message =
    'a GatewayClass that the cluster has (kubectl get gatewayclasses): with platform "local" nobody brings one';
  return [issue("ingress.className", message)];
}

/** What is there, and not only to say that it is off. */
function isOn(value: unknown): boolean {
  if (value === undefined) return false;
  const written = typeof value === "object" && value !== null ? Object.entries(value) : undefined;
  return !(written?.length === 1 && written[0]?.[0] === "enabled" && written[0][1] === false);
}

function issue(key: string, message: string): Found {
  return { code: "custom", path: key.split("."), message, input: undefined };
}

const isText = (value: unknown): value is string => typeof value === "string";

function at(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    input,
  );
}
