import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { needs, resolved } from "../../../support/mocks.ts";
import { CONFIG, DEPLOYMENT, runGuarded, SERVER, SERVICE } from "../../mcpGuard/guarded.ts";

const ROLLOUT = "pulumi-nodejs:dynamic/mcpaas:McpRollout";
const kubeconfig = pulumi.secret("very private");

describe.each([{ preview: false }, { preview: true }])(
  "the wait for new pods, preview: $preview",
  ({ preview }) => {
    /*
     * What the pods from before mount has to outlive them. The engine deletes what was replaced after every
     * other step of an update, and only if none failed, unless it has to go first; with a name of its own it
     * would have to.
     */
    it("comes after the MCPServer, and what pods mount has no name for which the old one must go first", async () => {
      const { find, resources } = await runGuarded({}, { kubeconfig }, { preview });
      expect(needs(resources, find(ROLLOUT), find(SERVER))).toBe(true);
      expect(needs(resources, find(SERVER), find(CONFIG))).toBe(true);
      expect(find(CONFIG).inputs.metadata).not.toHaveProperty("name");
      expect(find(CONFIG).deleteBeforeReplace).toBe(false);
    });

    it("comes before whatever uses the server's name or address", async () => {
      const { find, result } = await runGuarded({}, { kubeconfig }, { preview });
      const { urn } = find(ROLLOUT);
      for (const output of [result.name, result.url]) {
        const needed = [
          ...(await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources()),
        ];
        expect(await Promise.all(needed.map((each) => resolved(each.urn)))).toContain(urn);
      }
      expect(await resolved(result.url)).toBe("http://search.mcp.svc.cluster.local:3000/mcp");
    });
  },
);

describe("the wait for new pods", () => {
  const annotationOf = (inputs: { spec: { deployment: { annotations: Record<string, string> } } }) =>
    inputs.spec.deployment.annotations["mcpaas.dev/spec"];

  it("knows them by an annotation, and the kubeconfig is a secret", async () => {
    const { find } = await runGuarded(
      {},
      { kubeconfig, replicas: 2, sessions: "stateless", readyTimeoutMinutes: 3 },
    );
    const { __provider: _, ...inputs } = find(ROLLOUT).inputs;
    expect(inputs).toEqual({
      kubeconfig: "very private",
      namespace: "mcp",
      name: "search",
      spec: annotationOf(find(SERVER).inputs),
      replicas: 2,
      trigger: "uid-1/3",
      timeoutMinutes: 3,
    });
    expect(inputs.spec).toMatch(/^[0-9a-f]{16}$/);
    expect(find(ROLLOUT).secretInputs).toEqual(["kubeconfig"]);
  });

  it("takes the place of KMCP's Ready, which is about other pods", async () => {
    const { find } = await runGuarded({}, { kubeconfig });
    expect(find(SERVER).inputs.metadata).not.toHaveProperty("annotations");
    const without = await runGuarded();
    expect(without.find(SERVER).inputs.metadata.annotations).toEqual({
      "pulumi.com/waitFor": "condition=Ready",
    });
    expect(without.resources.filter(({ type }) => type === ROLLOUT)).toEqual([]);
  });

  it("is Pulumi's own for a Deployment of one's own", async () => {
    const { find, resources } = await runGuarded({}, { kubeconfig, runtime: "deployment" });
    expect(find(DEPLOYMENT).inputs.spec.replicas).toBe(1);
    expect(resources.filter(({ type }) => type === ROLLOUT)).toEqual([]);
  });

  it("starts anew with what makes new pods, and with nothing else", async () => {
    const hashOf = async (args: object, guard = {}) =>
      annotationOf((await runGuarded(guard, args)).find(SERVER).inputs);
    const usual = await hashOf({ env: { A: "1", B: "2" } });
    expect(await hashOf({ env: { B: "2", A: "1" } })).toBe(usual);
    expect(await hashOf({ env: { A: "1", B: "2" }, timeoutSeconds: 99 })).toBe(usual);
    const stateless = await hashOf({ sessions: "stateless" });
    expect(await hashOf({ sessions: "stateless", replicas: 2 })).toBe(stateless);
    const others: [object, object?][] = [
      [{ env: { A: "1", B: "3" } }],
      [{ env: { A: "1", B: "2" }, path: "/other" }],
      [{ env: { A: "1", B: "2" }, image: "example.azurecr.io/mcp/search:2.0.0" }],
      [{ env: { A: "1", B: "2" } }, { image: "example.azurecr.io/mcp/guard:0.2.0" }],
      [{ env: { A: "1", B: "2" } }, { limits: { concurrency: 3 } }],
    ];
    const hashes = [usual];
    for (const [args, guard] of others) hashes.push(await hashOf(args, guard));
    expect(new Set(hashes).size).toBe(6);
  });

  it("isn't what a stdio server's Service waits for: old pods answer meanwhile", async () => {
    const { find, resources } = await runGuarded({}, { kubeconfig, transport: "stdio", command: "node" });
    expect(needs(resources, find(SERVICE), find(ROLLOUT))).toBe(false);
  });
});
