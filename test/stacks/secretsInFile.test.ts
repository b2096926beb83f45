import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { clearTextsOf } from "../../stacks/settings/secrets.ts";
import { parseSettings } from "../../stacks/settings.ts";

const guid = "00000000-0000-0000-0000-000000000001";
const entra = { tenantId: guid, clientId: guid, clientSecret: "sealed" };
const chat = {
  enabled: true,
  publicUrl: "https://chat.example.com",
  signIn: { entra },
  otherModels: { cloud: { url: "https://a.example/v1", apiKey: "in-the-clear" } },
};
const sealedEntra = { entra: { ...entra, clientSecret: { secure: "AAAB" } } };

/** The settings as the engine hands them over, some of chat sealed, beside a stack file. */
function parsed(file: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "mcpaas-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (file !== undefined) writeFileSync(join(folder, "Pulumi.dev.yaml"), file);
  return () =>
    parseSettings({ location: "eastus", chat }, "dev", (key) => key === "chat", clearTextsOf(folder, "dev"));
}

it("finds a secret in clear beside one that is sealed", () => {
  const file = parsed(stringify({ config: { "mcpaas:chat": { ...chat, signIn: sealedEntra } } }));
  expect(file).toThrow(/^1 setting is wrong[\s\S]*mcpaas:chat\.otherModels\.cloud\.apiKey/);
  expect(file).not.toThrow(/in-the-clear/);
});

it.each([
  [
    "are sealed each",
    stringify({
      config: {
        "mcpaas:chat": {
          ...chat,
          signIn: sealedEntra,
          otherModels: { cloud: { url: "https://a.example/v1", apiKey: { secure: "AAAC" } } },
        },
      },
    }),
  ],
  ["are sealed together", stringify({ config: { "mcpaas:chat": { secure: "AAAB" } } })],
  ["come from elsewhere", stringify({ environment: ["team/chat"] })],
  ["are in a file that isn't there", undefined],
  ["are in a file that is none", "{"],
])("takes secrets that %s", (_, file) => {
  expect(parsed(file)).not.toThrow();
});
