import { distance } from "fastest-levenshtein";
import { exitCodes, UserError } from "../userError.ts";
import type { SubjectKind } from "./subject.ts";

/** What the command is asked about. */
export interface Target {
  kind: SubjectKind;
  name: string;
}

const NAMES: Readonly<Record<string, SubjectKind>> = {
  workspace: "workspace",
  workspaces: "workspace",
  ws: "workspace",
  tuning: "workspace",
  tuningjob: "workspace",
  inferenceset: "inferenceset",
  inferencesets: "inferenceset",
  is: "inferenceset",
  ragengine: "ragengine",
  ragengines: "ragengine",
  rag: "ragengine",
  mcpserver: "mcpserver",
  mcpservers: "mcpserver",
  mcp: "mcpserver",
  component: "component",
};

/** @throws {UserError} with exit code 2 when it isn't kind/name */
export function parseTarget(text: string): Target {
  const [kind = "", name = "", ...rest] = text.split("/");
  const known = NAMES[kind.toLowerCase().replace(/\..*$/, "")];
  if (known !== undefined && name !== "" && rest.length === 0) return { kind: known, name };
  const shown = ["workspace", "tuning", "inferenceset", "ragengine", "mcpserver", "component"];
  const nearest = [...shown].sort((a, b) => distance(a, kind) - distance(b, kind))[0];
  throw new UserError(
    known === undefined && name !== ""
      ? `"${kind}" is no kind that can be diagnosed; did you mean ${nearest}/${name}? There are ${shown.join(", ")}`
      : `"${text}" is not kind/name, such as workspace/phi-4-mini-instruct or mcpserver/echo`,
    exitCodes.usage,
  );
}
