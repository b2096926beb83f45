import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { type EnvironmentApi, environmentOf } from "../../rehearsal/cluster/podEnvironment.ts";

const secrets: Record<string, Record<string, string>> = { keys: { API: "from secret", BOTH: "from secret" } };
const api = {
  readNamespacedSecret: async ({ name }: { name: string }) => {
    const found = secrets[name];
    if (!found) throw new Error(`secrets "${name}" not found`);
    const data = Object.entries(found).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
    return { data: Object.fromEntries(data) };
  },
  readNamespacedConfigMap: async () => ({ data: { MODE: "from map" } }),
} as unknown as EnvironmentApi;

const pod: V1Pod = { metadata: { name: "echo-1", namespace: "mcp" }, spec: { containers: [] } };
const of = (container: Omit<V1Container, "name">) => environmentOf(api, pod, { name: "c", ...container });

test("variables of its own come over those of whole Secrets and ConfigMaps", async () => {
  const values = await of({
    envFrom: [{ secretRef: { name: "keys" } }, { prefix: "MAP_", configMapRef: { name: "map" } }],
    env: [
      { name: "BOTH", value: "own" },
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "API" } } },
      { name: "MODE", valueFrom: { configMapKeyRef: { name: "map", key: "MODE" } } },
      { name: "EMPTY" },
    ],
  });
  expect(values).toEqual({
    ...{ API: "from secret", BOTH: "own", MAP_MODE: "from map" },
    ...{ POD: "echo-1", KEY: "from secret", MODE: "from map", EMPTY: "" },
  });
});

test("a Secret that isn't there keeps the program from starting", async () => {
  await expect(of({ envFrom: [{ secretRef: { name: "absent" } }] })).rejects.toThrow(/"absent" not found/);
});

test("$(NAME) is a variable's value, $$ is $, and what isn't known stays as it is written", async () => {
  const values = await of({
    envFrom: [{ secretRef: { name: "keys" } }],
    env: [
      { name: "A", value: "x" },
      { name: "B", value: "$(A)-$(API)-$(LATER)-$$(A)-$5" },
      { name: "LATER", value: "y" },
    ],
  });
  expect(values["B"]).toBe("x-from secret-$(LATER)-$(A)-$5");
});
