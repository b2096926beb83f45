import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  checkedOutput,
  dockerConfig,
  outputSpec,
  type TuningOutput,
} from "../../../components/kaitoTuningJob/output.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const NAME = "example.azurecr.io/adapters/support:0.1.0";
const credentials = { server: "example.azurecr.io", username: "push", password: "sesame" };

describe("an output", () => {
  it("is an image with a Secret, or a volume", () => {
    const image = checkedOutput({ image: { name: NAME, pushSecret: "push" } });
    expect(outputSpec(image, "push")).toEqual({ image: NAME, imagePushSecret: "push" });
    const volume = checkedOutput({ volume: { claimName: "adapters" } });
    expect(outputSpec(volume, undefined)).toEqual({
      volumeSource: { persistentVolumeClaim: { claimName: "adapters" } },
    });
  });

  it("may be known later", async () => {
    const { image } = checkedOutput({
      image: {
        name: pulumi.output(NAME),
        credentials: { ...credentials, server: pulumi.output(credentials.server) },
      },
    });
    expect(await resolved(pulumi.output(image?.name))).toBe(NAME);
    const wrong = checkedOutput({
      image: { name: NAME, credentials: { ...credentials, server: pulumi.output("other.azurecr.io") } },
    });
    expect(await failureOf(pulumi.output(wrong.image?.name))).toMatchObject({
      message: expect.stringContaining("is not in the registry of output.image.credentials.server"),
    });
  });

  const image = (name: string) => ({ image: { name, pushSecret: "push" } });
  it.each<[string, TuningOutput | undefined, RegExp]>([
    [
      "missing",
      undefined,
      /^output: is missing, and the adapter would be lost with the pod; set output.image to push/,
    ],
    ["empty", {}, /^output: is missing.* or output.volume$/],
    [
      "both",
      { ...image(NAME), volume: { claimName: "a" } },
      /^output: must have one of image and volume, and has both/,
    ],
    [
      "without a right to push",
      { image: { name: NAME } },
      /^output.image: must have exactly one of pushSecret/,
    ],
    [
      "with two rights to push",
      { image: { name: NAME, pushSecret: "push", credentials } },
      /^output.image: must have exactly one of pushSecret/,
    ],
    [
      "in another registry",
      { image: { name: NAME, credentials: { ...credentials, server: "example" } } },
      /^output.image.name: "example.azurecr.io\/.*" is not in the registry .*, "example"/,
    ],
    [
      "without tag",
      image("example.azurecr.io/adapters/support"),
      /^output.image.name: .* an image with registry and tag/,
    ],
    [
      "with the tag latest",
      image("example.azurecr.io/a:latest"),
      /^output.image.name: .* another tag than latest/,
    ],
    ["with a digest", image(`example.azurecr.io/a@sha256:${"0".repeat(64)}`), /^output.image.name: /],
    ["without registry", image("adapters/support:1"), /^output.image.name: .* names no registry/],
    ["with capitals", image("example.azurecr.io/Support:1"), /^output.image.name: /],
    ["on no volume", { volume: {} }, /^output.volume: must have exactly one of claimName/],
  ])("is refused: %s", (_, output, message) => {
    expect(() => outputSpec(checkedOutput(output), undefined)).toThrow(message);
  });
});

it("logs in with a docker config that is a secret", async () => {
  const config = dockerConfig(credentials);
  expect(JSON.parse(await resolved(config))).toEqual({
    auths: {
      "example.azurecr.io": {
        username: "push",
        password: "sesame",
        auth: Buffer.from("push:sesame").toString("base64"),
      },
    },
  });
  expect(await pulumi.isSecret(config)).toBe(true);
});
