import { posix } from "node:path";
import { RehearsalError } from "../errors.ts";
import type { Tutorial, TutorialBlock } from "./tutorials.ts";

/** A part of a run: a document, or the cleanup of one that went before. */
export interface Part {
  tutorial: Tutorial;
  kind: "document" | "cleanup";
  blocks: TutorialBlock[];
}

const CLEANUP = "Cleanup";

/**
 * The order of a run. A document's cleanup waits until no other one needs what it has made, so that nothing is
 * brought up twice and nothing stays longer than it is needed.
 *
 * @param names which documents; none: all of them. What they link as prerequisites goes before them, as with `ie`.
 * @throws {RehearsalError} when a name isn't one of a document
 */
export function planOf(tutorials: readonly Tutorial[], names: readonly string[] = []): Part[] {
  const chosen = choose(tutorials, names);
  const open: Tutorial[] = [];
  return chosen.flatMap((tutorial, index) => {
    const later = chosen.slice(index + 1);
    open.push(tutorial);
    const body: Part = {
      tutorial,
      kind: "document",
      blocks: tutorial.blocks.filter(({ section }) => section !== CLEANUP),
    };
    // Last made, first gone.
    const over = open.filter((one) => !later.some((other) => needs(other, one.name, tutorials))).reverse();
    for (const one of over) {
      open.splice(open.indexOf(one), 1);
    }
    return [body, ...over.map(cleanupOf)].filter(({ blocks }) => blocks.length > 0);
  });
}

function cleanupOf(tutorial: Tutorial): Part {
  return {
    tutorial,
    kind: "cleanup",
    blocks: tutorial.blocks.filter(({ section }) => section === CLEANUP),
  };
}

/** Whether a document builds on another one, also by way of a third. */
function needs(tutorial: Tutorial, name: string, all: readonly Tutorial[]): boolean {
  return tutorial.metadata.needs.some((need) => {
    const between = all.find((one) => one.name === need);
    return need === name || (between !== undefined && needs(between, name, all));
  });
}

function choose(tutorials: readonly Tutorial[], names: readonly string[]): readonly Tutorial[] {
  const unknown = names.filter((name) => !tutorials.some((one) => one.name === name));
  if (unknown.length > 0) {
    throw new RehearsalError(
      `there is no document ${unknown.join(", ")}`,
      `the documents are ${tutorials.map(({ name }) => name).join(", ")}`,
    );
  }
  if (names.length === 0) {
    return tutorials;
  }
  const linked = tutorials
    .filter(({ name }) => names.includes(name))
    .flatMap(({ document }) => document.prerequisites.map((link) => posix.basename(link, ".md")));
  return tutorials.filter(({ name }) => names.includes(name) || linked.includes(name));
}
