import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { GeneratedKey, generatedKeyProvider } from "../../../components/dynamic/generatedKey.ts";
import { runWithMocks } from "../../support/mocks.ts";

const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("GeneratedKey", () => {
  it("makes a key of its own each time, and keeps it whatever changes", async () => {
    const make = async () => (await generatedKeyProvider.create({})).outs?.value as string;
    const [one, other] = [await make(), await make()];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
    expect(await generatedKeyProvider.diff?.("id", { value: one }, {})).toEqual({ changes: false });
  });

  it("tells the engine that it is a secret", async () => {
    const { find } = await runWithMocks(() => new GeneratedKey("key"), {});
    expect(find("pulumi-nodejs:dynamic/mcpaas:GeneratedKey").additionalSecretOutputs).toEqual(["value"]);
  });

  it("works from the text in the state, which captures nothing", async () => {
    const resource = "components/dynamic/generatedKey.ts GeneratedKey";
    const calls = [
      ["create", {}],
      ["diff", "id", { value: "x" }, {}],
    ].map((call) => JSON.stringify(call));
    const { stdout } = await promisify(execFile)(process.execPath, [program, resource, "{}", ...calls], {
      cwd: root,
    });
    const { type, text, results } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:GeneratedKey");
    expect(results[0].outs.value).toMatch(/^[0-9a-f]{64}$/);
    expect(results[1]).toEqual({ changes: false });
    expect(text).not.toContain(root);
    expect(text).not.toContain("require(");
  }, 30_000);
});
