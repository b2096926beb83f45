/** A pattern in which `*` stands for any characters, and everything else for itself. */
export function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.split("*").map(RegExp.escape).join(".*")}$`, "s");
}
