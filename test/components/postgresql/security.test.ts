import { describe, expect, it } from "vitest";
import { PostgreSql } from "../../../components/postgresql.ts";
import { Redis } from "../../../components/redis.ts";
import { RestrictedNamespace } from "../../../components/restrictedNamespace.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { mayCall, type Pod, policiesOf } from "../../support/networkPolicy.ts";

const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

const all = () =>
  runWithMocks(
    () => {
      new RestrictedNamespace("chat");
      new RestrictedNamespace("mcp", { denyEgress: false });
      const clients = [{ podLabels: { app: "chat" } }];
      new PostgreSql("db", { namespace: "chat", clients });
      new Redis("cache", { namespace: "chat", clients });
    },
    { outputs: { [KEY]: () => ({ value: "generated" }) } },
  );

const labelled = (name: string, instance: string): Pod => ({
  namespace: "chat",
  labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance },
});

describe("the state's network", () => {
  const pods: Record<string, Pod> = {
    chat: { namespace: "chat", labels: { app: "chat" } },
    other: { namespace: "chat", labels: { app: "other" } },
    outside: { namespace: "mcp", labels: { app: "chat" } },
    backup: labelled("postgresql-backup", "db"),
    database: labelled("postgresql", "db"),
    cache: labelled("redis", "cache"),
  };

  it("lets the app to both, the backups to the database, and nobody else anywhere", async () => {
    const policies = policiesOf((await all()).resources);
    const able = Object.entries(pods).flatMap(([from, pod]) =>
      Object.entries(pods)
        .filter(([, to]) => to !== pod)
        .flatMap(([to, other]) =>
          [5432, 6379, 80]
            .filter((port) => mayCall(policies, pod, other, port))
            .map((p) => `${from} ${to} ${p}`),
        ),
    );
    const within = able.filter((way) => !way.includes("outside"));
    expect(within).toEqual(["chat database 5432", "chat cache 6379", "backup database 5432"]);
    expect(able.filter((way) => /^outside (database|cache|backup)/.test(way))).toEqual([]);
  });
});

describe("every pod of the state", () => {
  it("meets the restricted pod security standard and writes into its volumes only", async () => {
    const { resources } = await all();
    const specs = resources.flatMap(({ inputs }) =>
      [inputs.spec?.template?.spec, inputs.spec?.jobTemplate?.spec.template.spec].filter(Boolean),
    );
    expect(specs).toHaveLength(4);
    for (const spec of specs) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container.resources.limits.memory).toBeDefined();
      }
    }
  });
});
