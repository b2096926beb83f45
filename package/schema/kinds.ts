import ts from "typescript";

/** The types that a type is one of. */
export function parts(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** Whether a type is no value at all. */
export function isNothing(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) !== 0;
}

/** Whether a type is `boolean`, `true` or `false`. */
export function isBoolean(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.BooleanLike) !== 0;
}

/** Whether a type is an Output or a Promise; an Output is an intersection with what it lifts. */
export function isEventual(type: ts.Type): boolean {
  if (type.isIntersection()) {
    return type.types.some(isEventual);
  }
  return ["Promise", "OutputInstance"].includes(type.symbol?.name);
}

/** A name as it continues another. */
export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What one of a list or a map is called. */
export function singular(name: string): string {
  return name
    .replace(/ies$/, "y")
    .replace(/sses$/, "ss")
    .replace(/(?<!s)s$/, "");
}
