/** What no stack is made of, by the beginnings and ends of paths. Everything else may be a part of every stack. */
const ofNoStack = [
  /^docs\//,
  /^test\//,
  /^bench\//,
  /^examples\//,
  /^rehearsal\//,
  /^cli\//,
  /^package\//,
  /^plugin\//,
  /^\.ci\//,
  /^\.github\/(?!stacks\.json$|workflows\/(preview|deploy)\.yml$|scripts\/)/,
  /^[^/]+\.md$/,
  /^LICENSE$/,
  /^\.gitignore$/,
  /^biome\.json$/,
  /^tsconfig\.json$/,
  /^vitest\.config\.ts$/,
  /^stacks\/local(\.ts$|\/)/,
];

/**
 * The stacks that changed files can affect, in the order in which the stacks are given. A file of which nothing is
 * known affects all of them.
 *
 * @param files paths from the root
 * @param stacks those that are deployed
 */
export function affectedBy(files: readonly string[], stacks: readonly string[]): string[] {
  const affected = new Set<string>();
  for (const file of files) {
    const [, settings] = /^Pulumi\.([^/]+)\.yaml$/.exec(file) ?? [];
    if (settings !== undefined) {
      affected.add(settings);
    } else if (!ofNoStack.some((pattern) => pattern.test(file))) {
      return [...stacks];
    }
  }
  return stacks.filter((stack) => affected.has(stack));
}
