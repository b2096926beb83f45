import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { secretName } from "../../../components/kaitoRagEngine/secretName.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const named = (value: pulumi.Input<string>) =>
  secretName("inference.accessSecret", value, "LLM_ACCESS_SECRET");

describe("secretName", () => {
  it("takes a name, now or later", async () => {
    expect(named("openai.key-1")).toBe("openai.key-1");
    expect(await resolved(pulumi.output(named(pulumi.output("openai"))))).toBe("openai");
  });

  it.each(["sk-Proj0123", "hf_abcdef", "", "-a", "a..b", "a".repeat(254)])("refuses %j unseen", (value) => {
    expect(() => named(value)).toThrow(
      /^inference.accessSecret: is no name of a Secret; it must be the name of a Secret .* the key LLM_ACCESS_SECRET$/,
    );
    if (value.length > 3) expect(() => named(value)).not.toThrow(value);
  });

  it("refuses a name that comes later and isn't one", async () => {
    const output = named(pulumi.output("sk-Proj0123")) as pulumi.Output<string>;
    expect(String(await failureOf(output))).toMatch(/is no name of a Secret/);
  });

  it("refuses what Pulumi knows to be a secret, whatever it looks like", async () => {
    const output = named(pulumi.secret("abc")) as pulumi.Output<string>;
    expect(String(await failureOf(output))).toMatch(/inference.accessSecret: is a secret itself/);
  });
});
