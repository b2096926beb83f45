/** A pool's settings as a component's argument: without its switch, and not at all when it is off. */
export function poolSettings<T extends { readonly enabled: boolean }>(pool: T) {
  const { enabled, ...rest } = structuredClone(pool);
  return enabled ? (rest as Writable<Omit<T, "enabled">>) : undefined;
}

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
