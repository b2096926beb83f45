/**
 * A path pattern as Docker reads it: `*` and `?` stay within a part of the path and take leading dots, `**` goes over
 * parts, and `[a-z]` is a class. Source: github.com/moby/patternmatcher, which builds a regular expression too.
 */
export function patternForm(pattern: string): RegExp {
  const form = pattern.replace(/\*\*\/?|\*|\?|\[[^\]]*\]|\\.|[^*?[\\]+/g, (token) => {
    switch (token[0]) {
      case "*":
        return token === "*" ? "[^/]*" : token === "**" ? ".*" : "(?:.*/)?";
      case "?":
        return "[^/]";
      case "[":
        return token;
      case "\\":
        return RegExp.escape(token.slice(1));
      default:
        return RegExp.escape(token);
    }
  });
  return new RegExp(`^${form}$`, "s");
}

/** One line of a .dockerignore. */
interface IgnoreRule {
  form: RegExp;
  /** It takes back what lines before it left out. */
  exception: boolean;
}

/** The lines of a .dockerignore. Source: `ReadAll` of github.com/moby/patternmatcher/ignorefile. */
function ignoreRules(text: string): IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map((line) => {
      const exception = line.startsWith("!");
      const path = (exception ? line.slice(1).trim() : line).replace(/^(\.?\/)+|\/+$/g, "");
      return { form: patternForm(path), exception };
    });
}

/** Whether a .dockerignore leaves a file out: its last line that matches the file, or a folder above it, decides. */
export function ignores(text: string): (path: string) => boolean {
  const rules = ignoreRules(text);
  return (path) => {
    const parts = path.split("/");
    const above = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    return rules.findLast(({ form }) => above.some((one) => form.test(one)))?.exception === false;
  };
}
