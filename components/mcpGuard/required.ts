import { InputPropertyError } from "../validation.ts";
import type { McpGuardArgs } from "./args.ts";

/**
 * Refuses to have a server without a guard that mustn't be without one; types do so until they are bypassed.
 */
export function requireGuard(guard: Partial<McpGuardArgs>, why: string): void {
  if (typeof guard === "object" && guard !== null) return;
  const found = guard === undefined ? "is missing" : `${JSON.stringify(guard)} is not allowed`;
  throw new InputPropertyError("guard", `${found}; it must be { image, authentication }, because ${why}`);
}
