import ts from "typescript";
import { descriptionOf } from "./docs.ts";
import { type ExternalTypes, externalTypes } from "./external.ts";
import { capital, isBoolean, isEventual, isNothing, parts, singular } from "./kinds.ts";
import type { EnumSchema, ObjectSchema, PropertySchema } from "./types.ts";

/** Where a type stands: what it is called when it has no name of its own, and where messages say that it is. */
interface Place {
  name: string;
  path: string;
  /** Whether it is an argument, which says what must be plain, or a result, which never is. */
  argument: boolean;
}

/** Properties and which of them have to be there. */
type Shape = Pick<ObjectSchema, "properties" | "required">;

/**
 * Makes Pulumi's schema from TypeScript types. Pulumi's own analyzer (provider/experimental of the SDK) refuses what
 * good arguments are made of: unions of literals, `"none"` beside an object, types without a name, read-only arrays,
 * `Omit` and `Pick`, and the input types of other packages. Each of them has its place in Pulumi's schema.
 */
export class Inference {
  /** The named types that were met so far. */
  readonly types: Record<string, ObjectSchema | EnumSchema> = {};
  readonly external: ExternalTypes;
  readonly #checker: ts.TypeChecker;
  readonly #package: string;
  /** What each name stands for, so that two types of one name are noticed. */
  readonly #named = new Map<string, string>();

  constructor(checker: ts.TypeChecker, packageName: string) {
    this.#checker = checker;
    this.#package = packageName;
    this.external = externalTypes(checker);
  }

  /** The shape that some properties make, in the order of the source. */
  shape(symbols: readonly ts.Symbol[], place: Place): Shape {
    const shape: Shape = { properties: {}, required: [] };
    for (const symbol of symbols) {
      const { name } = symbol;
      const type = this.#checker.getTypeOfSymbol(symbol);
      const own = this.#declaredName(symbol);
      const at = { ...place, name: own ?? `${place.name}${capital(name)}`, path: `${place.path}.${name}` };
      const description = descriptionOf(symbol, this.#checker);
      shape.properties[name] = { ...this.#property(type, at), ...(description && { description }) };
      if (!(symbol.flags & ts.SymbolFlags.Optional) && !parts(type).some(isNothing)) {
        shape.required.push(name);
      }
    }
    shape.required.sort();
    return shape;
  }

  /**
   * The name that the type of a property has in its declaration. The checker forgets it for the union that an optional
   * property makes of it.
   */
  #declaredName(symbol: ts.Symbol): string | undefined {
    const declaration = symbol.valueDeclaration;
    if (
      declaration === undefined ||
      !(ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration))
    ) {
      return undefined;
    }
    const node =
      declaration.type && ts.isArrayTypeNode(declaration.type)
        ? declaration.type.elementType
        : declaration.type;
    const alias = node && this.#checker.getTypeFromTypeNode(node).aliasSymbol;
    return alias?.declarations?.some((found) => !found.getSourceFile().isDeclarationFile)
      ? alias.name
      : undefined;
  }

  #property(type: ts.Type, place: Place): PropertySchema {
    const something = parts(type).filter((part) => !isNothing(part));
    const direct = something.filter((part) => !isEventual(part));
    const isPlain = place.argument && direct.length === something.length;
    const eventual = something.find(isEventual);
    const values = direct.length > 0 || eventual === undefined ? direct : parts(this.#awaited(eventual));
    const schema = this.#union(
      values.filter((part) => !isNothing(part)),
      type,
      place,
    );
    const isAny = schema.$ref === "pulumi.json#/Any";
    return isPlain && !isAny ? { ...schema, plain: true } : schema;
  }

  /** What an Output or a Promise resolves to. */
  #awaited(type: ts.Type): ts.Type {
    const instance = type.isIntersection() ? type.types.find(isEventual) : type;
    const [inner] = this.#checker.getTypeArguments(instance as ts.TypeReference);
    if (inner === undefined) {
      throw new Error(`${this.#checker.typeToString(type)} says nothing about its value`);
    }
    return inner;
  }

  #union(values: readonly ts.Type[], whole: ts.Type, place: Place): PropertySchema {
    const [first, ...more] = values;
    if (first !== undefined && more.length === 0 && !first.isLiteral()) {
      return this.#single(first, place);
    }
    if (values.every(isBoolean)) {
      return { type: "boolean" };
    }
    const literals = values.filter((value) => value.isLiteral());
    if (literals.length === values.length) {
      return this.#literals(literals, whole, place);
    }
    // A word such as "none" beside objects: which words there are stands in the description.
    const simple = [...new Set(literals.map(({ value }) => typeof value as "string" | "number"))];
    const booleans = values.some(isBoolean) ? [{ type: "boolean" as const }] : [];
    const others = values.filter((value) => !value.isLiteral() && !isBoolean(value));
    return {
      oneOf: [
        ...others.map((value, i) =>
          this.#single(value, others.length > 1 ? { ...place, name: `${place.name}${i + 1}` } : place),
        ),
        ...booleans,
        ...simple.map((type) => ({ type })),
      ],
    };
  }

  #literals(literals: readonly ts.LiteralType[], whole: ts.Type, place: Place): PropertySchema {
    const values = literals.map(({ value }) => value as string | number);
    const name = whole.aliasSymbol?.name ?? place.name;
    const type = typeof values[0] === "number" ? "number" : "string";
    return this.#define(name, JSON.stringify(values), () => ({
      type,
      enum: values.map((value) => ({ value })),
    }));
  }

  #single(type: ts.Type, place: Place): PropertySchema {
    const checker = this.#checker;
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return { $ref: "pulumi.json#/Any" };
    if (type.flags & ts.TypeFlags.String) return { type: "string" };
    if (type.flags & ts.TypeFlags.Number) return { type: "number" };
    if (isBoolean(type)) return { type: "boolean" };
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      if (item === undefined) throw new Error(`${place.path}: an array of nothing`);
      return {
        type: "array",
        items: this.#property(item, { ...place, name: singular(place.name), path: `${place.path}[]` }),
      };
    }
    const external = this.external.reference(type);
    if (external !== undefined) return { $ref: external };
    const values = checker.getIndexInfoOfType(type, ts.IndexKind.String)?.type;
    if (values !== undefined) {
      const at = { ...place, name: singular(place.name), path: `${place.path}[*]` };
      return { type: "object", additionalProperties: this.#property(values, at) };
    }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) && !type.getCallSignatures().length) {
      return this.#object(type, place);
    }
    throw new Error(`${place.path}: Pulumi's schema has no place for ${checker.typeToString(type)}`);
  }

  #object(type: ts.Type, place: Place): PropertySchema {
    const own = type.isClassOrInterface() ? type.symbol.name : undefined;
    const alias = type.aliasTypeArguments === undefined ? type.aliasSymbol?.name : undefined;
    const name = own ?? alias ?? place.name;
    const symbol = own !== undefined ? type.symbol : alias !== undefined ? type.aliasSymbol : undefined;
    const description = symbol && descriptionOf(symbol, this.#checker);
    return this.#define(name, this.#checker.typeToString(type), () => ({
      type: "object",
      ...(description && { description }),
      ...this.shape(this.#checker.getPropertiesOfType(type), { ...place, name, path: name }),
    }));
  }

  /** Makes a named type once, and refers to it; it may refer to itself. What says the same is the same type. */
  #define(name: string, says: string, make: () => ObjectSchema | EnumSchema): PropertySchema {
    const token = `${this.#package}:index:${name}`;
    const known = this.#named.get(token);
    if (known === undefined) {
      this.#named.set(token, says);
      this.types[token] = make();
    } else if (known !== says) {
      throw new Error(`two types would be called ${name}: ${known}, and ${says}`);
    }
    return { $ref: `#/types/${token}` };
  }
}
