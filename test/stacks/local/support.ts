import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A cluster with an authority and a user of its own, as kind writes it. */
export function kubeconfigOf(name: string, { current = name, authority = name, server = "" } = {}): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: server || `https://${name}.example:6443`,
          "certificate-authority-data": base64(`authority of ${authority}`),
        },
      },
    ],
    users: [
      {
        name: `${name}-user`,
        user: {
          "client-certificate-data": base64(`certificate of ${name}`),
          "client-key-data": base64(`key of ${name}`),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: `${name}-user` } }],
    "current-context": current,
  };
}

/** Two clusters in one file. */
export function both(first: object, second: object, current: string): object {
  const [a, b] = [first, second] as Record<string, unknown[]>[];
  const lists = ["clusters", "users", "contexts"].map((key) => [
    key,
    [...(a?.[key] ?? []), ...(b?.[key] ?? [])],
  ]);
  return { ...first, ...Object.fromEntries(lists), "current-context": current };
}

/** A folder of this test's own. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "mcpaas-kubeconfig-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

/** The file that holds a kubeconfig. */
export function written(config: object, dir = folder(), name = "config"): string {
  const file = join(dir, name);
  writeFileSync(file, stringify(config));
  return file;
}

/** The settings of Pulumi.local.yaml. */
export function localSettings(): Record<string, object> {
  const text = readFileSync(new URL("../../../Pulumi.local.yaml", import.meta.url), "utf8");
  return Object.fromEntries(
    Object.entries<object>(parse(text).config).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]),
  );
}
