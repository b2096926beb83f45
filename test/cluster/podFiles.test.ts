import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FileApi, mountFiles } from "../../rehearsal/cluster/podFiles.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64");
const api = {
  readNamespacedConfigMap: async ({ name, namespace }: { name: string; namespace: string }) => {
    expect([name, namespace]).toEqual(["settings", "mcp"]);
    return { data: { "guard.yaml": "server: echo", other: "x" }, binaryData: { raw: encoded("raw") } };
  },
  readNamespacedSecret: async () => ({ data: { chat: encoded("the token") } }),
  readNamespacedPersistentVolumeClaim: async ({ name }: { name: string }) => ({
    spec: name === "disk" ? { volumeName: "pvc-1" } : {},
  }),
} as unknown as FileApi;

const pod: V1Pod = {
  metadata: { name: "echo-1", namespace: "mcp" },
  spec: {
    containers: [],
    volumes: [
      { name: "settings", configMap: { name: "settings" } },
      { name: "one", configMap: { name: "settings", items: [{ key: "other", path: "sub/renamed" }] } },
      { name: "tokens", secret: { secretName: "tokens" } },
      { name: "tmp", emptyDir: {} },
      { name: "disk", persistentVolumeClaim: { claimName: "disk" } },
      { name: "unbound", persistentVolumeClaim: { claimName: "unbound" } },
      { name: "host", hostPath: { path: "/" } },
    ],
  },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pod-files-"));
});
afterEach(() => rm(dir, { recursive: true }));

const folders = (base: string) => ({
  files: join(base, "files"),
  pod: join(base, "pod"),
  persistent: join(base, "volumes"),
});

const mount = (...volumeMounts: { name: string; mountPath: string; subPath?: string }[]) =>
  mountFiles(api, pod, { name: "guard", volumeMounts }, folders(dir));

test("ConfigMaps and Secrets are files at the place that their path leads to", async () => {
  const { path } = await mount(
    { name: "settings", mountPath: "/etc/guard/" },
    { name: "tokens", mountPath: "/etc/guard/tokens" },
  );
  expect(await readFile(path("/etc/guard/guard.yaml"), "utf8")).toBe("server: echo");
  expect(await readFile(path("/etc/guard/raw"), "utf8")).toBe("raw");
  expect(await readFile(path("/etc/guard/tokens/chat"), "utf8")).toBe("the token");
  expect((await readdir(path("/etc/guard"))).sort()).toEqual(["guard.yaml", "other", "raw"]);
});

test("chosen items have the names that the pod gives them, and one file can be mounted by itself", async () => {
  const { path: chosen } = await mount({ name: "one", mountPath: "/etc/one" });
  expect(await readdir(chosen("/etc/one"), { recursive: true })).toEqual(["sub", "sub/renamed"]);
  const { path: single } = await mount({
    name: "settings",
    mountPath: "/etc/guard.yaml",
    subPath: "guard.yaml",
  });
  expect(await readFile(single("/etc/guard.yaml"), "utf8")).toBe("server: echo");
});

test("an emptyDir is a folder of the pod's; other kinds of volume and other paths are left as they are", async () => {
  const { path, mounts } = await mount(
    { name: "tmp", mountPath: "/tmp" },
    { name: "host", mountPath: "/host" },
  );
  expect(path("/tmp/x")).toBe(join(dir, "pod", "tmp", "x"));
  expect(await readdir(path("/tmp"))).toEqual([]);
  expect(path("/host/x")).toBe("/host/x");
  expect(path("/tmpfile")).toBe("/tmpfile");
  expect([...mounts]).toEqual([["/tmp", join(dir, "pod", "tmp")]]);
});

test("a claim is the folder of its volume, which others that mount it later see", async () => {
  const first = await mount({ name: "disk", mountPath: "/data" });
  await writeFile(first.path("/data/kept"), "x");
  const second = await mount({ name: "disk", mountPath: "/elsewhere" });
  expect(await readFile(second.path("/elsewhere/kept"), "utf8")).toBe("x");
  expect(first.path("/data")).toBe(join(dir, "volumes", "pvc-1"));
});

test("a claim without a volume can't be mounted yet", async () => {
  await expect(mount({ name: "unbound", mountPath: "/data" })).rejects.toThrow(
    /unbound in mcp has no volume/,
  );
});
