import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  argumentsFrom,
  InputPropertyError,
  validatedInput,
  wholeNumber,
} from "../../components/validation.ts";
import { failureOf, resolved } from "../support/mocks.ts";

describe("validatedInput", () => {
  const count = (value: pulumi.Input<number>) => validatedInput("pool.count", value, wholeNumber(1, 3));

  it("hands a right value on, plain or not", async () => {
    expect(count(2)).toBe(2);
    expect(await resolved(count(pulumi.output(3)) as pulumi.Output<number>)).toBe(3);
    expect(await resolved(count(Promise.resolve(1)) as pulumi.Output<number>)).toBe(1);
  });

  it("fails now for a plain value", () => {
    expect(() => count(4)).toThrow("pool.count: 4 is not allowed; it must be a whole number from 1 to 3");
  });

  it("fails inside for an output", async () => {
    const error = await failureOf(count(pulumi.output(0)) as pulumi.Output<number>);
    expect(error).toBeInstanceOf(InputPropertyError);
    expect(error).toMatchObject({
      propertyPath: "pool.count",
      message: expect.stringMatching(/^pool.count: 0/),
    });
  });

  it("keeps a secret secret", async () => {
    expect(await pulumi.isSecret(count(pulumi.secret(2)) as pulumi.Output<number>)).toBe(true);
  });
});

describe("InputPropertyError", () => {
  it("is one that the engine prints without a stack trace", () => {
    expect(pulumi.RunError.isInstance(new InputPropertyError("a", "b"))).toBe(true);
  });

  it("names where the arguments come from, also when the value is known later", async () => {
    const settled = new Promise<number>((resolve) => setImmediate(resolve, 0));
    const late = argumentsFrom("mcpaas:models.phi", () =>
      validatedInput("nodes", pulumi.output(settled), wholeNumber(1, 3)),
    );
    expect(String(await failureOf(late as pulumi.Output<number>))).toContain(
      "mcpaas:models.phi: nodes: 0 is",
    );
    expect(() => argumentsFrom("mcpaas:a", () => validatedInput("n", 0, wholeNumber(1, 3)))).toThrow(
      /^mcpaas:a: n: 0 is/,
    );
    expect(new InputPropertyError("a", "b").message).toBe("a: b");
    const names = { n: "mcpaas:b" };
    const named = () => argumentsFrom("mcpaas:a", () => validatedInput("n", 0, wholeNumber(1, 3)), names);
    expect(named).toThrow(/^mcpaas:a: mcpaas:b: n: 0 is/);
  });
});
