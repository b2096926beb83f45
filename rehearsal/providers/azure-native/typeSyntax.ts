/** A property's type, as far as a plugin can check it. */
export type SdkType =
  | { kind: "any" }
  | { kind: "string" | "number" | "boolean" }
  | { kind: "enum"; ref: string }
  | { kind: "object"; ref: string }
  | { kind: "array"; items: SdkType }
  | { kind: "map"; values: SdkType };

/** A property of an interface or class in the SDK's declarations. */
export interface SdkProperty {
  type: SdkType;
  required: boolean;
}

/** Properties by name. */
export type SdkShape = ReadonlyMap<string, SdkProperty>;

const any: SdkType = { kind: "any" };
const members = /^ *(?:readonly )?(\w+)(\?)?: /gm;

/**
 * Reads the members of an interface or class body. The SDK's declarations are generated, so they keep to
 * a small part of TypeScript's type syntax, which is all that is understood here; anything else is `any`.
 *
 * @param body what stands between the braces
 */
export function parseMembers(body: string): SdkShape {
  const text = body.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const found = new Map<string, SdkProperty>();
  members.lastIndex = 0;
  for (let match = members.exec(text); match; match = members.exec(text)) {
    const parser = new TypeParser(text, members.lastIndex);
    const type = parser.union();
    members.lastIndex = parser.position;
    found.set(match[1] as string, { type, required: match[2] === undefined });
  }
  return found;
}

class TypeParser {
  readonly text: string;
  position: number;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }

  union(): SdkType {
    const options = [this.postfix()];
    while (this.take("|")) {
      options.push(this.postfix());
    }
    return merge(options.filter((option) => option !== undefined));
  }

  private postfix(): SdkType | undefined {
    let type = this.primary();
    while (this.take("[]")) {
      type = { kind: "array", items: type ?? any };
    }
    return type;
  }

  private primary(): SdkType | undefined {
    if (this.take("(")) {
      const inner = this.union();
      this.take(")");
      return inner;
    }
    if (this.take("{")) {
      // The only object literal there is: an index signature.
      this.match(/\s*\[key: string\]:/y);
      const values = this.union();
      this.take(";");
      this.take("}");
      return { kind: "map", values };
    }
    const name = this.match(/\s*([\w.]+|"[^"]*")/y)?.[1] ?? "";
    if (this.take("<")) {
      const argument = this.union();
      this.take(">");
      return /^pulumi\.(Input|Output)$/.test(name) ? argument : any;
    }
    return named(name);
  }

  private take(token: string): boolean {
    const rest = this.match(/\s*/y)?.[0].length ?? 0;
    if (this.text.startsWith(token, this.position)) {
      this.position += token.length;
      return true;
    }
    this.position -= rest;
    return false;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) {
      this.position = pattern.lastIndex;
    }
    return match;
  }
}

/** @returns nothing for `undefined`, which says no more than that a property may be left out. */
function named(name: string): SdkType | undefined {
  if (name === "undefined") {
    return undefined;
  }
  if (name === "string" || name === "number" || name === "boolean") {
    return { kind: name };
  }
  if (name.startsWith('"')) {
    return { kind: "string" };
  }
  if (/^enums\./.test(name)) {
    return { kind: "enum", ref: name };
  }
  return /^(inputs|outputs)\./.test(name) ? { kind: "object", ref: name } : any;
}

/** `string | enums.X` is how the SDK writes an enum that Azure may extend: any string is valid. */
function merge(options: SdkType[]): SdkType {
  const [first] = options;
  if (first && options.length === 1) {
    return first;
  }
  return options.every((option) => option.kind === "string" || option.kind === "enum")
    ? { kind: "string" }
    : any;
}
