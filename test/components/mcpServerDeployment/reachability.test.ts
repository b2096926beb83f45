import { describe, expect, it } from "vitest";
import {
  McpServerDeployment,
  type McpServerDeploymentArgs,
} from "../../../components/mcpServerDeployment.ts";
import { RestrictedNamespace } from "../../../components/restrictedNamespace.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { mayCall, type Pod, policiesOf } from "../../support/networkPolicy.ts";
import { KEY, keyOf } from "../mcpGuard/guarded.ts";

const echo: Pod = {
  namespace: "mcp",
  labels: { "app.kubernetes.io/name": "echo", "app.kubernetes.io/instance": "echo" },
};
const neighbour: Pod = { namespace: "mcp", labels: { app: "other" } };
const agent: Pod = { namespace: "mcp", labels: { app: "agent" } };
const chat: Pod = { namespace: "chat", labels: { app: "chat" } };

/** The policies of two restricted namespaces, "chat" one that lets its pods out, with a server in "mcp". */
async function policies(args: Partial<McpServerDeploymentArgs> = {}) {
  const { resources } = await runWithMocks(() => {
    new RestrictedNamespace("mcp");
    new RestrictedNamespace("chat", { denyEgress: false });
    new McpServerDeployment("echo", {
      namespace: "mcp",
      guard: "none",
      transport: "http",
      image: "r.io/echo:1",
      ...args,
    });
  }, {});
  return policiesOf(resources);
}

describe("who can call a server in a restricted namespace", () => {
  it.each<[string, McpServerDeploymentArgs["clients"], string[]]>([
    ["the pods of its namespace, by default", undefined, ["neighbour", "agent"]],
    ["nobody, when there are no clients", [], []],
    ["some pods of its namespace", [{ podLabels: { app: "agent" } }], ["agent"]],
    ["some pods, its own namespace named", [{ namespace: "mcp", podLabels: { app: "agent" } }], ["agent"]],
    ["pods of another namespace that lets them out", [{ namespace: "chat" }], ["chat"]],
    ["both", [{ podLabels: { app: "agent" } }, { namespace: "chat" }], ["agent", "chat"]],
  ])("%s", async (_, clients, expected) => {
    const rules = await policies({ clients });
    const able = Object.entries({ neighbour, agent, chat })
      .filter(([, pod]) => mayCall(rules, pod, echo, 3000))
      .map(([name]) => name);
    expect(able).toEqual(expected);
  });

  it("lets clients call the server's port and nothing else in the namespace", async () => {
    const openNeighbour = {
      metadata: { namespace: "mcp" },
      spec: { podSelector: { matchLabels: neighbour.labels }, policyTypes: ["Ingress"], ingress: [{}] },
    };
    const rules = [...(await policies()), openNeighbour];
    expect(mayCall(rules, chat, neighbour, 3000)).toBe(true);
    expect(mayCall(rules, agent, echo, 3001)).toBe(false);
    expect(mayCall(rules, agent, neighbour, 3000)).toBe(false);
    expect(mayCall(rules, echo, agent, 3000)).toBe(false);
  });

  it("needs both directions: neither the namespace alone nor the server alone opens it", async () => {
    const rules = await policies();
    const without = (type: string) => rules.filter(({ spec }) => !spec.policyTypes?.every((t) => t === type));
    expect(mayCall(without("Egress"), agent, echo, 3000)).toBe(false);
    const closedServer = rules.map((rule) => ({ ...rule, spec: { ...rule.spec, ingress: [] } }));
    expect(mayCall(closedServer, agent, echo, 3000)).toBe(false);
  });
});

describe("what can be called of a guarded server", () => {
  const guard = { image: "r.io/guard:1", authentication: { none: "anyone-may-call" as const } };
  const open = async (from: Pod, args: Partial<McpServerDeploymentArgs>) => {
    const rules = await policies(args);
    return [3000, 3001, 8080, 9464].filter((port) => mayCall(rules, from, echo, port));
  };

  it("is the guard alone, not the server behind it", async () => {
    expect(await open(agent, { guard })).toEqual([3000]);
  });

  it("is the guard of a stdio server, not the gateway", async () => {
    expect(await open(agent, { guard, transport: "stdio", command: "x" })).toEqual([3001]);
    expect(await open(agent, { transport: "stdio", command: "x" })).toEqual([3000]);
  });

  it("is the guard's metrics for those who are to read them, and nothing else", async () => {
    const metricsClients = [
      { namespace: "chat", podLabels: { app: "chat" } },
      { podLabels: { app: "agent" } },
    ];
    const args = { guard: { ...guard, metricsClients }, clients: [] };
    expect(await open(chat, args)).toEqual([9464]);
    expect(await open(agent, args)).toEqual([9464]);
    expect(await open(neighbour, args)).toEqual([]);
  });

  it("doesn't open a way for the server but to the issuer of its guard", async () => {
    const issuer = { issuer: "https://20.1.2.3:8443", audience: ["x"] };
    const { resources } = await runWithMocks(
      () =>
        new McpServerDeployment("echo", {
          namespace: "mcp",
          guard: { ...guard, authentication: { jwt: issuer } },
          transport: "http",
          image: "r.io/echo:1",
        }),
      {},
    );
    const own = resources.find(({ name }) => name === "echo-network");
    expect(own?.inputs.spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: "20.1.2.3/32" } }], ports: [{ protocol: "TCP", port: 8443 }] },
    ]);
  });
});

describe("the clients' policies", () => {
  it("are others than those of metrics of another server", async () => {
    const guard = {
      image: "r.io/guard:1",
      authentication: { tokens: { a: {}, "token-a": {} } },
      metricsClients: [{}],
    };
    let keys = 0;
    const { resources } = await runWithMocks(
      () => {
        for (const name of ["x", "x-metrics", "x-token"]) {
          new McpServerDeployment(name, { namespace: "mcp", guard, transport: "http", image: "r.io/echo:1" });
        }
      },
      { outputs: { [KEY]: () => ({ value: keyOf(keys++) }) } },
    );
    const urns = resources.map(({ urn }) => urn);
    expect(urns.filter((urn, i) => urns.indexOf(urn) !== i)).toEqual([]);
    const objects = resources.map(({ type, inputs }) => `${type} ${inputs.metadata?.name}`);
    const named = objects.filter((object) => !object.endsWith(" undefined"));
    expect(named.filter((object, i) => named.indexOf(object) !== i)).toEqual([]);
  });

  const named = async (clients: McpServerDeploymentArgs["clients"]) => {
    const all = (await policies({ clients })) as { metadata: { name?: string } }[];
    return all.map(({ metadata }) => metadata.name).filter((name) => name?.includes("clients"));
  };

  it("have names that don't depend on the order of clients and labels, and each selector has one", async () => {
    const [a, b] = [{ podLabels: { x: "1", y: "2" } }, { podLabels: { z: "3" } }];
    const names = await named([a, b]);
    expect(new Set(names).size).toBe(2);
    const turned = { podLabels: { y: "2", x: "1" } };
    expect((await named([b, turned, a])).sort()).toEqual([...names].sort());
    expect(await named(undefined)).toEqual(["mcp-echo.clients-all"]);
  });
});
