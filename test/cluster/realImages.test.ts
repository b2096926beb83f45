import { expect, test } from "vitest";
import { repositoryOf } from "../../rehearsal/cluster/realImages.ts";

test.each([
  ["ghcr.io/kagent-dev/kmcp/controller:0.3.0", "ghcr.io/kagent-dev/kmcp/controller"],
  ["registry:5000/mirror/workspace", "registry:5000/mirror/workspace"],
  ["registry:5000/mirror/workspace:0.11.0@sha256:ab", "registry:5000/mirror/workspace"],
  ["busybox@sha256:ab", "busybox"],
  [undefined, ""],
])("%s is an image of %s", (image, repository) => {
  expect(repositoryOf(image)).toBe(repository);
});
