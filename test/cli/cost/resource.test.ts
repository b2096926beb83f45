import { expect, it } from "vitest";
import { fromPreview, fromState } from "../../../cli/cost/resource.ts";

const STACK = "urn:pulumi:dev::mcpaas::pulumi:pulumi:Stack::mcpaas-dev";
const CHAT = "urn:pulumi:dev::mcpaas::mcpaas:index:ChatApp::chat";
const DATABASE = "urn:pulumi:dev::mcpaas::mcpaas:index:ChatApp$mcpaas:index:PostgreSql::chat-database";
const SET = "urn:pulumi:dev::mcpaas::x::chat-database";
const registered = [
  { type: "pulumi:pulumi:Stack", urn: STACK },
  { type: "mcpaas:index:ChatApp", urn: CHAT, parent: STACK },
  { type: "mcpaas:index:PostgreSql", urn: DATABASE, parent: CHAT },
  { type: "kubernetes:apps/v1:StatefulSet", urn: SET, parent: DATABASE, inputs: { spec: { replicas: 2 } } },
];

it("a state's resources belong to the outermost component of this project", () => {
  const resources = fromState(JSON.stringify({ version: 3, deployment: { resources: registered } }), "file");
  expect(resources.map(({ name, component }) => [name, component])).toEqual([
    ["mcpaas-dev", "stack"],
    ["chat", "ChatApp chat"],
    ["chat-database", "ChatApp chat"],
    ["chat-database", "ChatApp chat"],
  ]);
  expect(resources.at(-1)?.inputs).toEqual({ spec: { replicas: 2 } });
});

it("what a state keeps only until it is deleted doesn't count", () => {
  const resources = [{ ...registered[3], delete: true }, registered[3]];
  expect(fromState(JSON.stringify({ deployment: { resources } }), "file")).toHaveLength(1);
});

it("a preview's resources are those that there would be; what isn't known yet is missing", () => {
  const steps = [
    { op: "same", urn: CHAT, newState: registered[1] },
    { op: "delete", urn: SET, oldState: registered[3] },
    {
      op: "create",
      urn: DATABASE,
      newState: {
        ...registered[2],
        inputs: {
          size: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
          secret: {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            plaintext: '"1Gi"',
          },
        },
      },
    },
  ];
  const resources = fromPreview(JSON.stringify({ steps }), "file");
  expect(resources.map(({ name }) => name)).toEqual(["chat", "chat-database"]);
  expect(resources[1]?.inputs).toEqual({ size: undefined, secret: "1Gi" });
});

it.each([
  ["no JSON", "{", /no JSON/],
  ["something else", "{}", /is no state; write one with: pulumi stack export/],
])("%s is refused as a state", (_, text, why) => {
  expect(() => fromState(text, "file")).toThrow(why);
});

it("something else is refused as a preview", () => {
  expect(() => fromPreview("{}", "file")).toThrow(/is no preview; write one with: pulumi preview/);
});
