import type { Caller } from "./caller.ts";
import type { Config } from "./config.ts";

/**
 * Who may call which tool: the first rule that speaks of both the tool and the caller decides, and the
 * default where none does. A rule with neither roles nor subjects speaks of everybody; with both, of whoever
 * has one of the roles or is one of the subjects.
 */
export function createAuthorizer(
  settings: Config["authorization"],
): (caller: Caller, tool: string) => boolean {
  const rules = settings.rules.map(({ effect, tools, roles, subjects }) => ({
    allows: effect === "allow",
    tools: tools.map(toolPattern),
    everybody: roles === undefined && subjects === undefined,
    roles: new Set(roles),
    subjects: new Set(subjects),
  }));
  return ({ subject, roles }, tool) => {
    for (const rule of rules) {
      const concerned =
        rule.everybody || rule.subjects.has(subject) || roles.some((role) => rule.roles.has(role));
      if (concerned && rule.tools.some((matches) => matches(tool))) return rule.allows;
    }
    return settings.default === "allow";
  };
}

/** The name of a tool, in which `*` stands for any number of characters; upper and lower case differ. */
function toolPattern(pattern: string): (tool: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (tool) => tool === pattern;
  // Not a regular expression: many stars would make one slow on a long name that a caller thought up.
  return (tool) => {
    if (!tool.startsWith(first) || !tool.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = tool.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= tool.length - last.length;
  };
}
