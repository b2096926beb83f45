/** A resource as far as its price is concerned. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** The component that it is a part of, as "AksWithGpuPool aks", or "stack". */
  readonly component: string;
  /** Inputs; what a preview doesn't know yet is missing. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A resource before its component is known. */
export interface Registered {
  type: string;
  urn: string;
  parent?: string;
  inputs?: Record<string, unknown>;
}

/** Types of this project's components, as the engine names them. */
const OWN_COMPONENT = "mcpaas:index:";

/** What the engine writes in the place of a value that it doesn't know, and of a secret. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** Resources with the component that each belongs to: the outermost one of this project's above it. */
export function withComponents(registered: readonly Registered[]): Resource[] {
  const byUrn = new Map(registered.map((each) => [each.urn, each]));
  const componentOf = (each: Registered): string => {
    let component = "stack";
    for (let at: Registered | undefined = each; at; at = at.parent ? byUrn.get(at.parent) : undefined) {
      if (at.type.startsWith(OWN_COMPONENT)) {
        component = `${at.type.slice(OWN_COMPONENT.length)} ${nameOf(at.urn)}`;
      }
    }
    return component;
  };
  return registered.map((each) => ({
    type: each.type,
    name: nameOf(each.urn),
    urn: each.urn,
    component: componentOf(each),
    inputs: known(each.inputs ?? {}) as Record<string, unknown>,
  }));
}

/** Leaves out what isn't known, and reads secrets that stand in clear. */
function known(value: unknown): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  if (Object.values(value).includes(SECRET_MARK)) {
    const { plaintext, value: inner } = value as { plaintext?: string; value?: unknown };
    return known(plaintext === undefined ? inner : JSON.parse(plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) as string;
}
