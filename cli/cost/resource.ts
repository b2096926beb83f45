import { type Registered, type Resource, withComponents } from "../../cost/resource.ts";
import { exitCodes, UserError } from "../userError.ts";

/**
 * The resources of `pulumi stack export`.
 *
 * @throws {UserError} when it is none
 */
export function fromState(text: string, where: string): Resource[] {
  const state = parsed(text, where) as { deployment?: { resources?: Registered[] } };
  if (state.deployment === undefined) {
    throw new UserError(
      `${where} is no state; write one with: pulumi stack export --file ${where}`,
      exitCodes.usage,
    );
  }
  const resources = state.deployment.resources ?? [];
  // What is only waiting for its deletion is there twice.
  return withComponents(resources.filter((each) => !(each as { delete?: boolean }).delete));
}

/**
 * The resources that there would be after what `pulumi preview --json --show-sames` shows.
 *
 * @throws {UserError} when it is none
 */
export function fromPreview(text: string, where: string): Resource[] {
  const preview = parsed(text, where) as { steps?: { op: string; newState?: Registered }[] };
  if (preview.steps === undefined) {
    throw new UserError(
      `${where} is no preview; write one with: pulumi preview --json --show-sames > ${where}`,
      exitCodes.usage,
    );
  }
  const last = new Map<string, Registered>();
  for (const { op, newState } of preview.steps) {
    if (newState !== undefined && !op.startsWith("delete")) last.set(newState.urn, newState);
  }
  return withComponents([...last.values()]);
}

function parsed(text: string, where: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new UserError(`${where} is no JSON`, exitCodes.usage);
}
