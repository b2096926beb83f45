/** Settings are frozen, arguments are typed as what may be changed: the same values, as a copy. */
export function mutable<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}

/** `T` without `readonly`, at every depth. */
export type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
