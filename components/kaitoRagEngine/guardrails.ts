import type * as pulumi from "@pulumi/pulumi";
import { ensure, InputPropertyError, wholeNumber } from "../validation.ts";
import { type GuardrailAction, type GuardrailScanner, scannerProblem } from "./scanners.ts";

/**
 * What is done about what answers may not contain. Source: website/docs/rag-output-guardrails.md, v0.11.0.
 */
export interface GuardrailPolicy {
  /** What scanners do that don't say it themselves. @default "redact" */
  action?: GuardrailAction;
  /** What is answered in place of a blocked answer. @default - KAITO's sentence */
  blockMessage?: string;
  /** The scanners, in order; at least one. */
  scanners: GuardrailScanner[];
}

/**
 * Checks on the answers of /v1/chat/completions. A scanner that fails makes the whole answer an error 500. A
 * request for a stream is refused unless all scanners are of type "ban_substrings" with the action "block".
 */
export interface RagGuardrails {
  /** @default true */
  enabled?: boolean;
  /**
   * The policy; a change of it reaches the running pod.
   * @default - KAITO's: keys and tokens, common personal data
   */
  policy?: GuardrailPolicy;
  /** Name of a ConfigMap in the namespace whose key guardrails.yaml is the policy. @default - none */
  configMap?: pulumi.Input<string>;
}

/**
 * The key of the policy in its ConfigMap. Source: GuardrailsPolicyFileName in ragengine_types.go, v0.11.0.
 */
const POLICY_KEY = "guardrails.yaml";

/** The data of the policy's ConfigMap, or nothing when there is no policy of our own to write down. */
export function policyData(guardrails: RagGuardrails): Record<string, string> | undefined {
  const { enabled = true, policy, configMap } = guardrails;
  if (policy !== undefined && configMap !== undefined) {
    throw new InputPropertyError("guardrails", "must have only one of policy and configMap");
  }
  if (policy === undefined) return undefined;
  checkPolicy(policy);
  if (!enabled) return undefined;
  // As JSON, in which every text has its quotes: KAITO's parser would read a bare yes or 12:30 as something
  // else.
  return { [POLICY_KEY]: `${JSON.stringify(policy, undefined, 2)}\n` };
}

/** `spec.guardrails` of the RAGEngine. */
export function guardrailsSpec(guardrails: RagGuardrails, ownConfigMap: string) {
  const { enabled = true, policy, configMap } = guardrails;
  if (!enabled) return undefined;
  const name = policy === undefined ? configMap : ownConfigMap;
  return { enabled, configMapRef: name === undefined ? undefined : { name } };
}

// KAITO skips what it doesn't understand and serves on without it, so that all of it is checked here.
function checkPolicy(policy: GuardrailPolicy): void {
  const path = "guardrails.policy";
  const fail = (key: string, reason: string) => {
    throw new InputPropertyError(`${path}.${key}`, reason);
  };
  const unknown = Object.keys(policy).find((key) => !["action", "blockMessage", "scanners"].includes(key));
  if (unknown !== undefined)
    fail(unknown, "is no part of a policy; it has action, blockMessage and scanners");
  checkAction(`${path}.action`, policy.action);
  if (policy.blockMessage === "") fail("blockMessage", "is empty, which KAITO takes for its own sentence");
  ensure(`${path}.scanners.length`, policy.scanners?.length ?? 0, wholeNumber(1, 100));
  policy.scanners.forEach((scanner, i) => {
    checkAction(`${path}.scanners[${i}].action`, scanner.action);
    const problem = scannerProblem(scanner);
    if (problem !== undefined) fail(`scanners[${i}].${problem.key}`, problem.reason);
  });
}

function checkAction(path: string, action: string | undefined): void {
  ensure(path, action ?? "redact", (given) =>
    given === "redact" || given === "block"
      ? undefined
      : `"${given}" is not allowed; it must be "redact" or "block"`,
  );
}
