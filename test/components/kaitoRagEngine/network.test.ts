import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { servicesSpec } from "../../../components/kaitoRagEngine/network.ts";
import { KaitoRagEngine, type KaitoRagEngineArgs } from "../../../components/kaitoRagEngine.ts";
import { RestrictedNamespace } from "../../../components/restrictedNamespace.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { mayCall, type Pod, policiesOf } from "../../support/networkPolicy.ts";

const rag: Pod = { namespace: "models", labels: { "kaito.sh/ragengine": "rag" } };
const qdrant: Pod = {
  namespace: "models",
  labels: { "app.kubernetes.io/name": "qdrant", "app.kubernetes.io/instance": "rag-qdrant" },
};
const phi: Pod = { namespace: "models", labels: { "kaito.sh/workspace": "phi" } };
const agent: Pod = { namespace: "models", labels: { app: "agent" } };
const chat: Pod = { namespace: "chat", labels: { app: "chat" } };

/**
 * The policies of two restricted namespaces, "chat" one that lets its pods out, with a RAG engine in
 * "models".
 */
async function policies(args: Partial<KaitoRagEngineArgs> = {}) {
  const { resources } = await runWithMocks(() => {
    new RestrictedNamespace("models");
    new RestrictedNamespace("chat", { denyEgress: false });
    new KaitoRagEngine("rag", { namespace: "models", ...args });
  }, {});
  return policiesOf(resources);
}

/** The phi pods let anybody in: what is left to judge is who is let out. */
const openPhi = {
  metadata: { namespace: "models" },
  spec: { podSelector: { matchLabels: phi.labels }, policyTypes: ["Ingress"], ingress: [{}] },
};

describe("who can call a RAG engine in a restricted namespace", () => {
  it.each<[string, KaitoRagEngineArgs["clients"], string[]]>([
    ["the pods of its namespace, by default", undefined, ["agent", "phi"]],
    ["nobody, when there are no clients", [], []],
    ["those that are listed", [{ podLabels: { app: "agent" } }, { namespace: "chat" }], ["agent", "chat"]],
  ])("%s", async (_, clients, expected) => {
    const rules = await policies({ clients });
    const able = Object.entries({ agent, chat, phi }).filter(([, pod]) => mayCall(rules, pod, rag, 5000));
    expect(able.map(([name]) => name)).toEqual(expected);
    expect(mayCall(rules, agent, rag, 80)).toBe(false);
  });
});

describe("whom a RAG engine can call", () => {
  const model = {
    url: pulumi.output("http://phi.models.svc.cluster.local/v1"),
    modelName: pulumi.output("phi-4"),
    podLabels: { "kaito.sh/workspace": "phi" },
  };

  it("no pod by default", async () => {
    const rules = [...(await policies()), openPhi];
    expect(mayCall(rules, rag, phi, 5000)).toBe(false);
  });

  it("the pods of its model and no others", async () => {
    const rules = [...(await policies({ inference: { model } })), openPhi];
    expect(mayCall(rules, rag, phi, 5000)).toBe(true);
    expect(mayCall(rules, rag, phi, 22)).toBe(false);
    expect(mayCall(rules, rag, agent, 5000)).toBe(false);
    expect(mayCall(rules, agent, phi, 5000)).toBe(false);
  });

  it("its Qdrant, which only it can call and which calls nobody", async () => {
    const openAgent = {
      metadata: { namespace: "models" },
      spec: { podSelector: { matchLabels: agent.labels }, policyTypes: ["Egress"], egress: [{}] },
    };
    const rules = [...(await policies({ qdrant: { deploy: true } })), openAgent];
    expect(mayCall(rules, rag, qdrant, 6333)).toBe(true);
    expect(mayCall(rules, rag, qdrant, 6334)).toBe(false);
    expect(mayCall(rules, agent, qdrant, 6333)).toBe(false);
    expect(mayCall(rules, chat, qdrant, 6333)).toBe(false);
    expect(mayCall([...rules, openPhi], qdrant, phi, 5000)).toBe(false);
  });

  it("the internet, where models are, or nothing of it", async () => {
    const ranges = (rules: Awaited<ReturnType<typeof policies>>) =>
      JSON.stringify(rules.filter(({ spec }) => JSON.stringify(spec.podSelector).includes("ragengine")));
    expect(ranges(await policies())).toMatch(/"cidr":"0.0.0.0\/0","except":\[.*"169.254.0.0\/16"/);
    expect(ranges(await policies({ internet: false }))).not.toContain("ipBlock");
    const own = await policies({ internet: false, egress: [{ cidr: "10.1.0.0/16", ports: [8080] }] });
    expect(ranges(own)).toContain('"cidr":"10.1.0.0/16"');
  });
});

describe("servicesSpec", () => {
  const labels = { a: "b" };

  it("opens a Service's pods on their own port", () => {
    const url = "http://qdrant.db.svc";
    expect(servicesSpec(labels, [{ url, defaultPort: 6333, pods: { podLabels: { app: "q" } } }])).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "db" } },
              podSelector: { matchLabels: { app: "q" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 6333 }],
        },
      ],
    });
  });

  it("opens one address, or the internet on one port", () => {
    const { egress } = servicesSpec(labels, [
      { url: "http://20.1.2.3:81" },
      { url: "https://example.com:8443" },
    ]);
    expect(egress.map(({ to, ports }) => [to?.[0]?.ipBlock?.cidr, ports?.[0]?.port])).toEqual([
      ["20.1.2.3/32", 81],
      ["0.0.0.0/0", 8443],
    ]);
  });
});
