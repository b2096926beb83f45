import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkedEnv, envProblem } from "../../../components/mcpServerDeployment/env.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

describe("envProblem", () => {
  it.each([
    "TOKEN",
    "GITHUB_TOKEN",
    "API_KEY",
    "OPENAI_APIKEY",
    "DB_PASSWORD",
    "AZURE_CLIENT_SECRET",
    "storage_connection_string",
    "AWS_SECRET_ACCESS_KEY",
    "PRIVATE_KEY",
    "GOOGLE_CREDENTIALS",
  ])("takes %s for a secret and says where it belongs", (name) => {
    expect(envProblem(name, "x")).toMatch(/^looks like a secret; .*secretRefs/);
  });

  it.each([
    "LOG_LEVEL",
    "MAX_TOKENS",
    "TOKENIZER",
    "TOKEN_LIMIT",
    "PASSWORD_FILE",
    "TOKEN_URL",
    "KEYBOARD",
    "SECRETARY",
  ])("lets %s through", (name) => {
    expect(envProblem(name, "x")).toBeUndefined();
  });

  it("finds a password in a URL, whatever the name", () => {
    expect(envProblem("PROXY", "http://me:hunter2@proxy.example:8080")).toMatch(
      /^holds a URL with a password/,
    );
    expect(envProblem("PROXY", "http://proxy.example:8080/a@b")).toBeUndefined();
  });

  it("refuses what is no name", () => {
    expect(envProblem("A-B", "x")).toMatch(/^is no name for an environment variable/);
  });
});

describe("checkedEnv", () => {
  it("fails at once for a plain value", () => {
    expect(() => checkedEnv({ GITHUB_TOKEN: "x" })).toThrow(/^env.GITHUB_TOKEN: looks like a secret/);
  });

  it("passes on what is harmless", async () => {
    const env = checkedEnv({ A: "1", B: pulumi.output("2"), C: Promise.resolve("3") });
    expect(await resolved(pulumi.output(env))).toEqual({ A: "1", B: "2", C: "3" });
  });

  it.each([
    ["a secret output", pulumi.secret("x"), /^env.HARMLESS: is a secret; put it into a Kubernetes Secret/],
    [
      "an output that turns out to be a URL with a password",
      pulumi.output("https://a:b@c"),
      /^env.HARMLESS: holds a URL/,
    ],
  ])("fails inside for %s", async (_, value, message) => {
    const checked = checkedEnv({ HARMLESS: value })["HARMLESS"] as pulumi.Output<string>;
    expect(await failureOf(checked)).toMatchObject({ message: expect.stringMatching(message) });
  });
});
