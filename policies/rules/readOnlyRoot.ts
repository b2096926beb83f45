import { ofContainer, securityRule } from "../lib/security.ts";

/** Containers can't change the files of their image. */
export const readOnlyRoot = securityRule<object>({
  name: "read-only-root",
  displayName: "Images stay as they are",
  severity: "medium",
  // Advisory: many programs that others make write beside themselves, and can't be told not to.
  level: "advisory",
  demands: "Each container has readOnlyRootFilesystem: true.",
  why:
    "Who gets into a container that can change its image's files can put programs there, and what it writes fills its " +
    "node's disk.",
  fix: "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir with a sizeLimit where it writes.",
  config: {},
  required: true,
  setting: (container) => ofContainer(container, "readOnlyRootFilesystem"),
  fault: (value) => (value === true ? undefined : "can change the files of its image"),
});
