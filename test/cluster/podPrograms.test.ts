import { expect, test } from "vitest";
import { commandOf, programsOf, repositoryOf } from "../../rehearsal/cluster/podPrograms.ts";
import type { RealImage } from "../../rehearsal/cluster/realImages.ts";

test.each([
  ["ghcr.io/kagent-dev/kmcp/controller:0.3.0", "ghcr.io/kagent-dev/kmcp/controller"],
  ["registry:5000/mirror/workspace", "registry:5000/mirror/workspace"],
  ["registry:5000/mirror/workspace:0.11.0@sha256:ab", "registry:5000/mirror/workspace"],
  ["busybox@sha256:ab", "busybox"],
  ["acrmcpaas0a1b.azurecr.io/mcp/echo:0.1.0@sha256:ab", "azurecr.io/mcp/echo"],
  [undefined, ""],
])("%s is an image of %s", (image, repository) => {
  expect(repositoryOf(image)).toBe(repository);
});

test("a pod runs here when each of its containers has a program, and else not at all", () => {
  const echo = { image: "acr1.azurecr.io/mcp/echo:0.1.0" };
  const guard = { image: "acr1.azurecr.io/mcp/guard@sha256:ab" };
  expect(programsOf([echo, guard])?.map(({ repository }) => repository)).toEqual([
    "azurecr.io/mcp/echo",
    "azurecr.io/mcp/guard",
  ]);
  expect(programsOf([{ image: "ghcr.io/somebody/server:1" }, guard])).toBeUndefined();
  // As KMCP has servers over stdio: the gateway, which is no program here, in the server's image.
  expect(programsOf([{ ...echo, command: ["/adapterbin/agentgateway"] }, guard])).toBeUndefined();
  expect(
    programsOf([{ image: "ghcr.io/kagent-dev/kmcp/controller:0.3.0", command: ["/manager"] }]),
  ).toHaveLength(1);
  expect(programsOf([])).toBeUndefined();
});

const base = "mcr.microsoft.com/aks/kaito/kaito-base:0.4.2";
const serving = {
  image: base,
  command: ["/bin/sh", "-c", "python3 /workspace/vllm/inference_api.py --model=x"],
};

test("a model's server runs for the command that starts it; the same image trains, and that doesn't", () => {
  expect(programsOf([serving])).toHaveLength(1);
  const training = ["/bin/sh", "-c", "python3 /workspace/tfs/fine_tuning.py"];
  expect(programsOf([{ image: base, command: training }])).toBeUndefined();
  expect(programsOf([{ image: base }])).toBeUndefined();
});

test("a program that its command tells of everything gets that command, and any other only its own", () => {
  const [model] = programsOf([serving]) ?? [];
  const [echo] = programsOf([{ image: "acr1.azurecr.io/mcp/echo:0.1.0" }]) ?? [];
  const args = { program: process.execPath };
  expect(model && commandOf(model, serving, "/bin")).toMatchObject({
    ...args,
    first: [expect.stringMatching(/servers\/model\/main.ts$/), ...serving.command],
  });
  expect(echo && commandOf(echo, { command: ["x"] }, "/bin").first).toHaveLength(1);
});

test("a program of the user's stands for an image with the arguments that the image's command has", () => {
  const image: RealImage = {
    repository: "example.com/app",
    program: { path: "/opt/app", args: ["serve"] },
    args: [],
    env: {},
    ports: [],
  };
  expect(programsOf([{ image: "example.com/app:1" }], [image])).toEqual([image]);
  expect(commandOf(image, {}, "/bin")).toEqual({ program: "/opt/app", first: ["serve"] });
});
