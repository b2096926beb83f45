import { posix } from "node:path";
import { isObject } from "../../azure/values.ts";
import { hasUnknown, type Properties, unknown } from "../plugin/values.ts";

/** An image's inputs, as far as they are known. */
export interface ImageInputs {
  imageName: string;
  skipPush: boolean;
  server: string;
  username: string;
  password: string;
  context: string;
  dockerfile: string;
  platform: string;
  target: string | undefined;
  args: Record<string, string>;
  cacheFrom: string[];
  /** BuildKit, or Docker's builder from before it. */
  buildKit: boolean;
}

/**
 * Reads an image's inputs with the defaults of pulumi-docker (`marshalBuildAndApplyDefaults` and others in
 * provider/image.go).
 */
export function imageInputs(inputs: Properties): ImageInputs {
  const build = objectAt(inputs, "build");
  const registry = objectAt(inputs, "registry");
  const context = textAt(build, "context") || ".";
  const images = objectAt(build, "cacheFrom")["images"];
  return {
    imageName: textAt(inputs, "imageName"),
    skipPush: inputs["skipPush"] === true,
    server: textAt(registry, "server"),
    username: textAt(registry, "username"),
    password: textAt(registry, "password"),
    context,
    // Without a leading "./" and with "/" only, as the plugin joins them.
    dockerfile: textAt(build, "dockerfile") || posix.join(context, "Dockerfile"),
    platform: textAt(build, "platform"),
    target: textAt(build, "target") || undefined,
    args: Object.fromEntries(
      Object.entries(objectAt(build, "args")).flatMap(([name, value]) =>
        hasUnknown(value) ? [] : [[name, String(value)]],
      ),
    ),
    cacheFrom: Array.isArray(images) ? images.filter((image) => !hasUnknown(image)).map(String) : [],
    buildKit: build["builderVersion"] !== "BuilderV1",
  };
}

/** Whether enough is known to build in a preview (`ensureMinimumBuildInputs`). */
export function canBuild(inputs: Properties): boolean {
  const build = objectAt(inputs, "build");
  return ![build["dockerfile"], build["context"], build["args"], inputs["imageName"]].some(hasUnknown);
}

/** A member that is an object, or an empty one. */
export function objectAt(inputs: Properties, key: string): Properties {
  const value = inputs[key];
  return isObject(value) ? value : {};
}

function textAt(inputs: Properties, key: string): string {
  const value = inputs[key];
  return typeof value === "string" && value !== unknown ? value : "";
}
