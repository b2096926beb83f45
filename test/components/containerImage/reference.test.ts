import { expect, it } from "vitest";
import { digestReference } from "../../../components/containerImage/reference.ts";

const image = `demo.azurecr.io/mcp/echo@sha256:${"0123456789abcdef".repeat(4)}`;

it("is what the registry calls the image", () => {
  expect(digestReference("echo", image)).toBe(image);
});

it.each(["<none>@<none>", "demo.azurecr.io/mcp/echo:0.1.0", "", image.slice(0, -1)])(
  "is not %j, which no pod could pull for sure",
  (reference) => {
    expect(() => digestReference("echo", reference)).toThrow(
      /^echo\.image: Docker pushed the image and told no digest of it/,
    );
  },
);
