import { join } from "node:path";
import { repository as checkout } from "../workspace.ts";
import { type RealImage, realImages } from "./realImages.ts";

/** A container, as far as it decides what runs for it. */
interface StartedContainer {
  image?: string;
  command?: string[];
}

/**
 * An image's repository, without tag and digest, and without the name that its registry has in Azure. What nodes were
 * given by hand, under localhost, is the same.
 */
export function repositoryOf(image: string | undefined): string {
  return (
    (image ?? "")
      .replace(/@.*$/, "")
      // A colon before the last slash belongs to the registry's port.
      .replace(/:[^/]*$/, "")
      .replace(/^([a-z0-9]+\.azurecr\.io|localhost)\//, "azurecr.io/")
  );
}

/**
 * The programs of a pod's containers, in their order; undefined when one of them has none here: a pod runs as a
 * whole or not at all, as a guard without the server behind it would never be ready.
 */
export function programsOf(
  containers: readonly StartedContainer[],
  images: readonly RealImage[] = realImages,
): RealImage[] | undefined {
  const programs = containers.map((container) =>
    images.find((each) => each.repository === repositoryOf(container.image) && isStarted(each, container)),
  );
  return programs.length > 0 && programs.every((found) => found !== undefined) ? programs : undefined;
}

/**
 * Whether a container starts the image's program. A server over stdio has its image and KMCP's gateway as command,
 * which is no program here.
 */
function isStarted({ program, startedBy }: RealImage, { command }: StartedContainer): boolean {
  return startedBy === undefined
    ? "tool" in program || command === undefined
    : (command ?? []).join(" ").includes(startedBy);
}

/** `programsOf` as a jq expression, for kwok: "true" when every container of a pod has a program here. */
export const everyProgramInJq = `[.spec.containers[] | (.image | ${repositoryInJq()}) as $repository | \
${realImages.map(startedInJq).join(" or ")}] | all | tostring`;

function repositoryInJq(): string {
  return 'sub("@.*$"; "") | sub(":[^/]*$"; "") | sub("^([a-z0-9]+[.]azurecr[.]io|localhost)/"; "azurecr.io/")';
}

function startedInJq({ repository, program, startedBy }: RealImage): string {
  const started =
    startedBy === undefined
      ? "tool" in program
        ? "true"
        : ".command == null"
      : `((.command // []) | join(" ") | contains(${JSON.stringify(startedBy)}))`;
  return `($repository == ${JSON.stringify(repository)} and ${started})`;
}

/** What to start, and the arguments that come first. */
export function commandOf(
  { program, startedBy }: RealImage,
  { command = [] }: StartedContainer,
  bin: string,
): { program: string; first: string[] } {
  const words = startedBy === undefined ? [] : command;
  if ("script" in program) {
    return { program: process.execPath, first: [join(checkout, program.script), ...words] };
  }
  return "tool" in program
    ? { program: join(bin, program.tool), first: program.command === undefined ? [] : [program.command] }
    : { program: program.path, first: [...program.args, ...words] };
}
