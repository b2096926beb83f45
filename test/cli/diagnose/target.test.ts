import { expect, test } from "vitest";
import { parseTarget } from "../../../cli/diagnose/target.ts";

test.each([
  ["workspace/phi", { kind: "workspace", name: "phi" }],
  ["Workspaces/phi", { kind: "workspace", name: "phi" }],
  ["workspaces.kaito.sh/phi", { kind: "workspace", name: "phi" }],
  ["tuning/dolly", { kind: "workspace", name: "dolly" }],
  ["is/chat", { kind: "inferenceset", name: "chat" }],
  ["rag/docs", { kind: "ragengine", name: "docs" }],
  ["mcp/echo", { kind: "mcpserver", name: "echo" }],
  ["component/kaito", { kind: "component", name: "kaito" }],
])("%s", (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

test.each([
  ["phi", '"phi" is not kind/name, such as workspace/phi-4-mini-instruct'],
  ["workspace/", '"workspace/" is not kind/name'],
  ["workspace/models/phi", "is not kind/name"],
  ["mcpservr/echo", "did you mean mcpserver/echo?"],
])("%s isn't one", (text, message) => {
  expect(() => parseTarget(text)).toThrowError(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});
