import { deploymentOf } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

const configMap = (name: string, data: object): Fixture => ({
  name,
  type: "kubernetes:core/v1:ConfigMap",
  props: { metadata: { name, namespace: "default" }, data },
});
const password = { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } };

export const cases: Case = {
  rule: "secrets-in-clear",
  bad: [
    deploymentOf("secrets-in-clear-env", { env: [{ name: "DB_PASSWORD", value: "example" }] }),
    deploymentOf("secrets-in-clear-url", { env: [{ name: "DB", value: "postgres://app:example@db/app" }] }),
    deploymentOf("secrets-in-clear-args", { args: ["serve", "--api-key=example"] }),
    deploymentOf("secrets-in-clear-keys", { env: [{ name: "OPENAI_API_KEYS", value: "example" }] }),
    configMap("secrets-in-clear-key", { "api-key": "example" }),
    configMap("secrets-in-clear-file", { "config.yaml": "database:\n  password: hunter2\n" }),
    configMap("secrets-in-clear-data", { "app.conf": "AccountKey=0123456789abcdef0123456789" }),
  ],
  good: [
    deploymentOf("secrets-in-clear", { env: [password, { name: "TOKEN_LIMIT", value: "4096" }] }),
    deploymentOf("secrets-in-clear-switch", { env: [{ name: "ENABLE_API_KEY", value: "false" }] }),
    deploymentOf("secrets-in-clear-reference", {
      env: [password, { name: "OPENAI_API_KEY", value: "$(DB_PASSWORD)" }],
    }),
    configMap("secrets-in-clear-none", { "app.conf": "level=info" }),
  ],
};
