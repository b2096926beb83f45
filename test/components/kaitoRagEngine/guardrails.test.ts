import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type GuardrailPolicy,
  guardrailsSpec,
  policyData,
  type RagGuardrails,
} from "../../../components/kaitoRagEngine/guardrails.ts";

const written = (policy: GuardrailPolicy) => String(policyData({ policy })?.["guardrails.yaml"]);

describe("the policy of guardrails", () => {
  it("is written down under the key that KAITO mounts, every scanner as its service knows it", () => {
    const policy: GuardrailPolicy = {
      action: "redact",
      blockMessage: "no",
      scanners: [
        { type: "regex", action: "block", patterns: ["(?i)ssn: \\d+"], isBlocked: true, matchType: "search" },
        { type: "ban_substrings", substrings: ["internal"], matchType: "word", caseSensitive: false },
        { type: "secrets", redactMode: "partial" },
        { type: "sensitive", detectors: ["email", "ip_address"] },
        { type: "invisible_text" },
        { type: "token_limit", limit: 128 },
        { type: "reading_time", maxTime: 0.25, truncate: true },
        { type: "json", requiredElements: 1, repair: false },
      ],
    };
    expect(parse(written(policy))).toEqual(policy);
  });

  it("quotes every text, or Python's parser would take it for something else", () => {
    const text = written({ scanners: [{ type: "ban_substrings", substrings: ["yes", "12:30", "1_000"] }] });
    expect(text).toMatch(/"yes",\s+"12:30",\s+"1_000"/);
    // What PyYAML would do with bare words.
    expect(parse("[yes, 12:30]", { version: "1.1" })).toEqual([true, 750]);
  });

  it.each<[string, object, RegExp]>([
    ["no scanner", { scanners: [] }, /^guardrails.policy.scanners.length: 0 is not allowed/],
    ["nothing", {}, /^guardrails.policy.scanners.length: 0/],
    ["a word of its own", { scanner: [] }, /^guardrails.policy.scanner: is no part of a policy/],
    [
      "an action",
      { action: "warn", scanners: [{ type: "secrets" }] },
      /^guardrails.policy.action: "warn" is not/,
    ],
    [
      "no message",
      { blockMessage: "", scanners: [{ type: "secrets" }] },
      /^guardrails.policy.blockMessage: is empty/,
    ],
    [
      "a scanner's action",
      { scanners: [{ type: "secrets" }, { type: "secrets", action: "drop" }] },
      /^guardrails.policy.scanners\[1\].action: "drop" is not allowed; it must be "redact" or "block"$/,
    ],
    [
      "a scanner",
      { scanners: [{ type: "toxicity" }] },
      /scanners\[0\].type: must be one of "regex", .* not "toxicity"/,
    ],
    ["a scanner of every object", { scanners: [{ type: "toString" }] }, /scanners\[0\].type: must be one of/],
    [
      "no pattern",
      { scanners: [{ type: "regex", patterns: [] }] },
      /scanners\[0\].patterns: \[\] is not allowed/,
    ],
    ["patterns", { scanners: [{ type: "regex" }] }, /scanners\[0\].patterns: is missing; it must be a list/],
    [
      "an empty text",
      { scanners: [{ type: "ban_substrings", substrings: [""] }] },
      /substrings: \[""\] is not/,
    ],
    [
      "a field",
      { scanners: [{ type: "secrets", mode: "all" }] },
      /scanners\[0\].mode: is no field of the scanner secrets; it has redactMode$/,
    ],
    ["any field", { scanners: [{ type: "invisible_text", x: 1 }] }, /it has none but type and action$/],
    [
      "a mode",
      { scanners: [{ type: "secrets", redactMode: "no" }] },
      /must be one of "all", "partial", "hash"/,
    ],
    ["a detector", { scanners: [{ type: "sensitive", detectors: ["name"] }] }, /at least one of "email"/],
    [
      "a text for a flag",
      { scanners: [{ type: "json", repair: "no" }] },
      /repair: "no" is not allowed; .* true or/,
    ],
    ["half a token", { scanners: [{ type: "token_limit", limit: 0.5 }] }, /limit: 0.5 is not allowed/],
    ["no time", { scanners: [{ type: "reading_time", maxTime: 0 }] }, /maxTime: 0 is not allowed/],
    ["an elements count", { scanners: [{ type: "json", requiredElements: -1 }] }, /requiredElements: -1/],
  ])("is checked, because KAITO skips what is wrong: %s", (_, policy, message) => {
    expect(() => policyData({ policy: policy as GuardrailPolicy })).toThrow(message);
  });
});

describe("guardrailsSpec", () => {
  it.each<[string, RagGuardrails, object | undefined]>([
    ["KAITO's own policy", {}, { enabled: true, configMapRef: undefined }],
    ["a ConfigMap", { configMap: "mine" }, { enabled: true, configMapRef: { name: "mine" } }],
    [
      "a policy",
      { policy: { scanners: [{ type: "secrets" }] } },
      { enabled: true, configMapRef: { name: "rag-guardrails" } },
    ],
    ["none", { enabled: false, configMap: "mine" }, undefined],
  ])("refers to %s", (_, guardrails, spec) => {
    expect(guardrailsSpec(guardrails, "rag-guardrails")).toEqual(spec);
  });

  it("writes nothing down that isn't used, and checks it all the same", () => {
    expect(policyData({})).toBeUndefined();
    expect(policyData({ enabled: false, policy: { scanners: [{ type: "secrets" }] } })).toBeUndefined();
    expect(() => policyData({ enabled: false, policy: { scanners: [] } })).toThrow(/scanners.length/);
  });

  it("takes one policy", () => {
    const both = { configMap: "mine", policy: { scanners: [{ type: "secrets" as const }] } };
    expect(() => policyData(both)).toThrow(/^guardrails: must have only one of policy and configMap$/);
  });
});
