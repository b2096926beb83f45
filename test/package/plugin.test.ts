import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider/index.js";
import { describe, expect, test } from "vitest";
import { argumentProblem, type ComponentSchema } from "../../plugin/arguments.ts";
import { componentsProvider } from "../../plugin/provider.ts";
import { runWithMocks } from "../support/mocks.ts";

const namespace: ComponentSchema = {
  inputProperties: { namespace: { plain: true }, labels: {} },
  requiredInputs: [],
  properties: { namespace: {} },
};

describe("arguments from another language", () => {
  test("that are right are no problem", () => {
    expect(argumentProblem(namespace, { namespace: "a", labels: pulumi.output({}) })).toBeUndefined();
  });

  test("that nobody knows are named, with what was meant", () => {
    expect(argumentProblem(namespace, { namespcae: "a" })).toEqual({
      propertyPath: "namespcae",
      reason: "there is no such argument; did you mean namespace?",
    });
  });

  test("that must be known and come from a resource are named", () => {
    expect(argumentProblem(namespace, { namespace: pulumi.output("a") })).toMatchObject({
      propertyPath: "namespace",
      reason: expect.stringMatching(/known when the program starts/),
    });
  });

  test("that are missing are named", () => {
    expect(argumentProblem({ ...namespace, requiredInputs: ["labels"] }, {})).toEqual({
      propertyPath: "labels",
      reason: "is missing",
    });
  });
});

describe("the provider", () => {
  const type = "mcpaas:index:RestrictedNamespace";
  const provider = componentsProvider(
    JSON.stringify({ name: "mcpaas", version: "1.2.3", resources: { [type]: namespace } }),
  );
  /** Everything that it would register, and what it answers or fails with. */
  async function make(of: string, inputs: pulumi.Inputs) {
    let answer: Promise<unknown> = Promise.resolve();
    const { resources } = await runWithMocks(() => {
      answer = Promise.resolve(provider.construct?.("x", of, inputs, {}));
      // It is looked at below, after all that was registered.
      answer.catch(() => undefined);
    }, {});
    return { resources, answer: answer as Promise<ConstructResult> };
  }

  test("has the schema's version", () => expect(provider.version).toBe("1.2.3"));

  test("makes a component and says what it gives", async () => {
    const { resources, answer } = await make(type, { namespace: "tools" });
    expect(resources.map((resource) => resource.type)).toContain("kubernetes:core/v1:Namespace");
    expect(Object.keys((await answer).state)).toEqual(["namespace"]);
  });

  test("turns a component's error into the engine's, with the argument's name", async () => {
    const { answer } = await make(type, { namespace: "Not a name" });
    const error = await answer.catch((reason) => reason);
    expect(pulumi.InputPropertyError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ propertyPath: "namespace" });
  });

  test("makes nothing of arguments that are wrong", async () => {
    const { resources, answer } = await make(type, { namspace: "tools" });
    await expect(answer).rejects.toMatchObject({ propertyPath: "namspace" });
    expect(resources).toEqual([]);
  });

  test("knows no other component", async () => {
    const { answer } = await make("mcpaas:index:InputPropertyError", {});
    await expect(answer).rejects.toThrow(/mcpaas has no component/);
  });
});
