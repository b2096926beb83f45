import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { Form } from "./forms.ts";

/** Says what is wrong with a value, or nothing when it is right.  */
export type Check<T> = (value: T) => string | undefined;

/**
 * What the user of a component got wrong: which argument and why. The engine prints the message of a RunError
 * without a stack trace, which it doesn't do for its own InputPropertyError when a program throws one.
 */
export class InputPropertyError extends pulumi.RunError {
  /** Which argument. */
  readonly propertyPath: string;
  /** What is wrong with it. */
  readonly reason: string;

  constructor(propertyPath: string, reason: string) {
    const place = places.getStore();
    const own = place?.names[propertyPath];
    const named = own === undefined ? propertyPath : `${own}: ${propertyPath}`;
    super(place === undefined ? `${propertyPath}: ${reason}` : `${place.source}: ${named}: ${reason}`);
    this.name = "InputPropertyError";
    this.propertyPath = propertyPath;
    this.reason = reason;
  }
}

const places = new AsyncLocalStorage<{ source: string; names: Readonly<Record<string, string>> }>();

/**
 * Makes something whose arguments come from a place of their own, such as a setting: every InputPropertyError about
 * them names it, also one that is found only when an Output is known.
 *
 * @param names where arguments come from that have a place of their own again, by their paths
 */
export function argumentsFrom<T>(
  source: string,
  make: () => T,
  names: Readonly<Record<string, string>> = {},
): T {
  return places.run({ source, names }, make);
}

/** Throws unless the check has nothing to say about the value. */
export function ensure<T>(propertyPath: string, value: T, check: Check<T>): T {
  const reason = check(value);
  if (reason !== undefined) throw new InputPropertyError(propertyPath, reason);
  return value;
}

/**
 * Checks an argument as early as its value is known: a plain value fails in the constructor, an Output or a
 * Promise fails when it resolves, and the resource that takes the returned input is never registered.
 */
export function validatedInput<T>(
  propertyPath: string,
  input: pulumi.Input<T>,
  check: Check<T>,
): pulumi.Input<T> {
  if (pulumi.Output.isInstance(input) || input instanceof Promise) {
    return pulumi.output(input).apply((value) => ensure(propertyPath, value as T, check)) as pulumi.Output<T>;
  }
  return ensure(propertyPath, input as T, check);
}

/** A check by a rule that says what a text must be instead, or nothing. */
export function mustBe(rule: (value: string) => string | undefined): Check<string> {
  return (value) => {
    const instead = rule(value);
    return instead === undefined
      ? undefined
      : `${JSON.stringify(value)} is not allowed; it must be ${instead}`;
  };
}

/** A check for the form of a text. */
export function matches({ pattern, words, example }: Form): Check<string> {
  return mustBe((value) =>
    pattern.test(value) ? undefined : `${words}, for example ${JSON.stringify(example)}`,
  );
}

/** A whole number in a range, ends included. */
export function wholeNumber(min: number, max: number): Check<number> {
  return (value) =>
    Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `${value} is not allowed; it must be a whole number from ${min} to ${max}`;
}
