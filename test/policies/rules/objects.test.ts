import { describe, expect, it } from "vitest";
import { rbacEscalation } from "../../../policies/rules/rbacEscalation.ts";
import { rbacWildcards } from "../../../policies/rules/rbacWildcards.ts";
import { secretsInClear } from "../../../policies/rules/secretsInClear.ts";
import { serviceExposure } from "../../../policies/rules/serviceExposure.ts";
import { visibleWorkloads } from "../../../policies/rules/visibleWorkloads.ts";
import { goodContainer, goodPod, mcpServer, workload } from "../fixtures.ts";
import { findings, judge, unknownArray, unknownObject, unknownString } from "../judge.ts";

describe("secrets-in-clear", () => {
  const of = (changes: Record<string, unknown>) =>
    workload("Deployment", goodPod({ containers: [goodContainer(changes)] }));
  const env = (name: string, value: unknown) => of({ env: [{ name, value }] });
  const at = "(spec.template.spec.containers[0].env[0].value).";

  it.each([
    "DB_PASSWORD",
    "api-key",
    "GITHUB_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_STORAGE_CONNECTION_STRING",
    "PGPASSWORD",
    "MYSQL_PWD",
    "AZURE_OPENAI_KEY",
    "OPENAI_API_KEYS",
    "GITHUB_PAT",
    "REDIS_AUTH",
    "dbPassword",
    "clientSecret",
  ])("knows %s by its name, whatever its value", async (name) => {
    const said = [
      `mandatory: The variable ${name} of container "app" is a secret by its name, in clear ${at}`,
    ];
    expect(await findings(secretsInClear, ...env(name, "x"))).toEqual(said);
    expect(await findings(secretsInClear, ...env(name, unknownString))).toEqual(said);
    expect(await judge(secretsInClear, ...env(name, ""))).toEqual([]);
    const valueFrom = { secretKeyRef: { name: "s", key: "k" } };
    expect(await judge(secretsInClear, ...of({ env: [{ name, valueFrom }] }))).toEqual([]);
  });

  it.each([
    ...["TOKEN_LIMIT", "PASSWORD_FILE", "SECRET_NAME", "MAX_TOKENS", "KEYCLOAK_URL", "TOOL_CALL_PARSER"],
    ...["PWD", "OLDPWD", "PARTITION_KEY", "tokenLimit", "ENABLE_API_KEY", "HF_HUB_DISABLE_IMPLICIT_TOKEN"],
  ])("takes %s for no secret", async (name) => {
    expect(await judge(secretsInClear, ...env(name, "x"))).toEqual([]);
  });

  it.each([
    ["REQUIRED_PASSWORD", "true"],
    ["IMPLICIT_TOKEN", "1"],
    ["PAD_TOKEN", "<pad>"],
    ["MASK_TOKEN", "[MASK]"],
    ["OPENAI_API_KEY", "$(FROM_SECRET)"],
  ])("takes %s=%s for no secret", async (name, value) => {
    expect(await judge(secretsInClear, ...env(name, value))).toEqual([]);
    expect(await judge(secretsInClear, ...env(name, `${value}x`))).toHaveLength(1);
    expect(await judge(secretsInClear, ...of({ args: ["--password", value] }))).toEqual([]);
  });

  it.each([
    ["a URL with a password", "redis://user:example@host:6379"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["a signed token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJleGFtcGxlIn0.${"x".repeat(20)}`],
    ["a token of GitHub", `ghp_${"a1".repeat(18)}`],
    ["a token of Hugging Face", `hf_${"a1".repeat(17)}`],
    ["a key of an Azure account", `AccountKey=${"a1".repeat(20)}==`],
    ["a shared access signature", `https://x.blob.core.windows.net/c?sv=1&sig=${"a1".repeat(20)}`],
  ])("knows %s by its looks", async (what, value) => {
    expect(await findings(secretsInClear, ...env("SOMETHING", value))).toEqual([
      `mandatory: The variable SOMETHING of container "app" holds ${what} ${at}`,
    ]);
    expect(await judge(secretsInClear, ...of({ args: ["--x", value] }))).toHaveLength(1);
    const data = { metadata: {}, data: { "a.conf": `x=${value}` } };
    expect(await judge(secretsInClear, "kubernetes:core/v1:ConfigMap", data)).toHaveLength(1);
  });

  it.each([
    [["--api-key=example"], 1],
    [["--password", "example"], 1],
    [["--password", "--quiet"], 0],
    [["--api-key=$(API_KEY)"], 0],
    [["--token-file=/x", "--max-tokens", "5"], 0],
  ])("reads the command line %j", async (args, count) => {
    expect(await judge(secretsInClear, ...of({ args }))).toHaveLength(count);
  });

  it("looks at an MCPServer's variables, and says where", async () => {
    const server = { image: "a:1", env: { API_KEY: "x", PORT: "80" } };
    expect(await findings(secretsInClear, ...mcpServer(server))).toEqual([
      "mandatory: The variable API_KEY of MCP server container is a secret by its name, in clear (spec.deployment.env.API_KEY).",
    ]);
  });

  it("looks at keys of ConfigMaps that are variables", async () => {
    const of = (data: object) => findings(secretsInClear, "kubernetes:core/v1:ConfigMap", { data });
    expect(await of({ DB_PASSWORD: "x", "api-key": "x", "password.txt": "x", LEVEL: "info" })).toEqual([
      "mandatory: The ConfigMap's DB_PASSWORD is a secret by its name, in clear (data.DB_PASSWORD).",
      "mandatory: The ConfigMap's api-key is a secret by its name, in clear (data.api-key).",
    ]);
    expect(await judge(secretsInClear, "kubernetes:core/v1:Secret", { data: { DB_PASSWORD: "x" } })).toEqual(
      [],
    );
  });

  it.each([
    ["config.yaml", "db:\n  password: hunter2\n", "password"],
    ["config.yaml", "- apiKey: 'hunter2'  # ours", "apiKey"],
    ["config.json", '{"a": 1,\n "client_secret": "hunter2",\n}', "client_secret"],
    [".env", "DB_PASSWORD=hunter2", "DB_PASSWORD"],
    ["config.yaml", "password: {{ password }}\nconfirm_password: true", undefined],
    ["config.yaml", "password:\n  valueFrom: x\npasswordFile: /run/secrets/password", undefined],
    ["config.yaml", "password: /run/secrets/password\ntokenizer: phi-4", undefined],
    ["config.yaml", "passwordKey: password\nenable_api_key: always", undefined],
    ["main.py", "password = settings.password", undefined],
  ])("reads a ConfigMap's %s: %j", async (file, text, key) => {
    const of = (data: Record<string, unknown>) =>
      findings(secretsInClear, "kubernetes:core/v1:ConfigMap", data);
    const said = (field: string) =>
      key === undefined
        ? []
        : [`mandatory: The ConfigMap's ${file} sets ${key} in clear (${field}[${JSON.stringify(file)}]).`];
    expect(await of({ data: { [file]: text } })).toEqual(said("data"));
    expect(await of({ binaryData: { [file]: btoa(text) } })).toEqual(said("binaryData"));
  });

  it("reads what a ConfigMap has in base64", async () => {
    const binaryData = { key: btoa("-----BEGIN PRIVATE KEY-----") };
    expect(await findings(secretsInClear, "kubernetes:core/v1:ConfigMap", { binaryData })).toEqual([
      "mandatory: The ConfigMap's key holds a private key (binaryData.key).",
    ]);
    expect(
      await findings(secretsInClear, "kubernetes:core/v1:ConfigMap", { binaryData: unknownObject }),
    ).toEqual([expect.stringContaining("binaryData is not known yet")]);
  });

  it.each([
    ["spec.template.spec.containers[0].env", of({ env: unknownArray })],
    ["spec.template.spec.containers[0].env[0]", of({ env: [unknownObject] })],
    ["spec.template.spec.containers[0].env[0].value", env("LEVEL", unknownString)],
    ["spec.template.spec.containers[0].args[0]", of({ args: [unknownString] })],
    ["data.a", ["kubernetes:core/v1:ConfigMap", { data: { a: unknownString } }] as const],
    ["data", ["kubernetes:core/v1:ConfigMap", { data: unknownObject }] as const],
  ])("reports %s that it can't see", async (path, [type, props]) => {
    expect(await findings(secretsInClear, type, props)).toEqual([
      expect.stringContaining(`advisory: ${path} is not known yet`),
    ]);
  });
});

describe("service-exposure", () => {
  const SERVICE = "kubernetes:core/v1:Service";
  const internal = { annotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" } };
  const lb = { type: "LoadBalancer" };
  it.each([
    [{ spec: {} }, 0],
    [{ spec: { type: "ClusterIP" } }, 0],
    [{ spec: { type: "NodePort" } }, 1],
    [{ spec: lb }, 1],
    [{ spec: lb, metadata: internal }, 0],
    [{ spec: { ...lb, externalIPs: ["192.0.2.1"] }, metadata: internal }, 1],
    [{ spec: { type: unknownString } }, 1],
    [{ spec: lb, metadata: { annotations: unknownObject } }, 1],
    [{ spec: { externalIPs: unknownArray } }, 1],
  ])("of %j", async (props, count) => {
    const said = await findings(serviceExposure, SERVICE, props);
    expect(said).toHaveLength(count);
    for (const each of said) expect(each).toMatch(/^mandatory: /);
  });

  it("allows what a Service is for, by its name", async () => {
    const config = { allowed: [{ object: "edge-*", value: "LoadBalancer", reason: "the one way in" }] };
    const of = (name: string, spec: object) =>
      judge(serviceExposure, SERVICE, { metadata: { name }, spec }, config);
    expect(await of("edge-1", lb)).toEqual([]);
    expect(await of("other", lb)).toHaveLength(1);
    expect(await of("edge-1", { type: "NodePort" })).toHaveLength(1);
  });
});

describe("RBAC", () => {
  const API = "kubernetes:rbac.authorization.k8s.io/v1";
  const role = (rule: object, name = "r") =>
    [`${API}:ClusterRole`, { metadata: { name }, rules: [rule] }] as const;
  const binding = (name: unknown, subject: object) =>
    [`${API}:ClusterRoleBinding`, { roleRef: { name }, subjects: [subject] }] as const;
  const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };

  it.each([
    [secrets, 0],
    [{ ...secrets, verbs: ["*"] }, 1],
    [{ ...secrets, resources: ["pods", "*"] }, 1],
    [{ ...secrets, resources: ["*/*"], verbs: ["*"] }, 2],
    [{ ...secrets, resources: ["*/scale"] }, 0],
    [{ nonResourceURLs: ["*"], verbs: ["get"] }, 1],
    [{ ...secrets, verbs: unknownArray }, 1],
    [{ ...secrets, verbs: ["get", unknownString] }, 1],
  ])("rbac-wildcards: %j", async (rule, count) => {
    const said = await findings(rbacWildcards, ...role(rule));
    expect(said).toHaveLength(count);
    for (const each of said) expect(each).toMatch(/^mandatory: /);
  });

  it("rbac-wildcards knows what KEDA reads", async () => {
    const rule = { apiGroups: ["*"], resources: ["*"], verbs: ["get"] };
    expect(await judge(rbacWildcards, ...role(rule, "keda-operator"))).toEqual([]);
    expect(await judge(rbacWildcards, ...role({ ...rule, verbs: ["*"] }, "keda-operator"))).toHaveLength(1);
    expect(await judge(rbacWildcards, ...role(rule, unknownString))).toHaveLength(1);
  });

  it.each([
    [secrets, 0],
    [{ resources: ["pods/exec"], verbs: ["create"] }, 1],
    [{ resources: ["pods/exec"], verbs: ["list"] }, 0],
    [{ resources: ["nodes/proxy"], verbs: ["get"] }, 1],
    [{ resources: ["serviceaccounts/token"], verbs: ["create"] }, 1],
    [{ resources: ["users"], verbs: ["impersonate"] }, 1],
    [{ resources: unknownArray, verbs: ["bind"] }, 1],
  ])("rbac-escalation: %j", async (rule, count) => {
    const said = await findings(rbacEscalation, ...role(rule));
    expect(said).toHaveLength(count);
    for (const each of said) expect(each).toMatch(/^mandatory: /);
  });

  it.each([
    ["view", { kind: "ServiceAccount", name: "a" }, 0],
    ["cluster-admin", { kind: "ServiceAccount", name: "a" }, 1],
    ["view", { kind: "Group", name: "system:unauthenticated" }, 1],
    [unknownString, { kind: "User", name: unknownString }, 2],
  ])("rbac-escalation: a binding of %s to %j", async (name, subject, count) => {
    expect(await findings(rbacEscalation, ...binding(name, subject))).toHaveLength(count);
  });

  it("rbac-escalation allows a right by the role's name", async () => {
    const config = { allowed: [{ object: "r", value: "pods/exec", reason: "runs a shell for support" }] };
    const exec = { resources: ["pods/exec", "nodes/proxy"], verbs: ["create"] };
    expect(await findings(rbacEscalation, ...role(exec), config)).toEqual([
      expect.stringContaining("nodes/proxy"),
    ]);
  });
});

describe("visible-workloads", () => {
  it.each([
    ["kubernetes:helm.sh/v3:Release", 1],
    ["kubernetes:argoproj.io/v1alpha1:ApplicationSet", 1],
    ["kubernetes:helm.toolkit.fluxcd.io/v2:HelmRelease", 1],
    ["azure-native:kubernetesconfiguration:FluxConfiguration", 1],
    ["azure-native:kubernetesconfiguration/v20230501:FluxConfiguration", 1],
    ["kubernetes:helm.sh/v4:Chart", 0],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", 0],
    ["azure-native:kubernetesconfiguration:Extension", 0],
  ])("%s", async (type, count) => {
    expect(await judge(visibleWorkloads, type, {})).toHaveLength(count);
  });

  it("can be told of others", async () => {
    expect(
      await judge(visibleWorkloads, "kubernetes:a.b/v1:C", {}, { opaque: ["kubernetes:a.b/*"] }),
    ).toHaveLength(1);
  });
});
