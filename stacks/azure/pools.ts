import { type Mutable, mutable } from "../shared/mutable.ts";

/** A pool's settings as a component's argument: without its switch, and not at all when it is off. */
export function poolSettings<T extends { readonly enabled: boolean }>(
  pool: T,
): Mutable<Omit<T, "enabled">> | undefined {
  const { enabled, ...rest } = pool;
  return enabled ? mutable(rest) : undefined;
}
