import { expect, test } from "vitest";
import { programsOf, repositoryOf } from "../../rehearsal/cluster/realImages.ts";

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
