import { type PolicyResource, unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { kmcpReplicas } from "../../../policies/rules/kmcpReplicas.ts";
import { unknownString } from "../judge.ts";

const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";

const object = (type: string, name: string, spec: object = {}, namespace = "mcp") =>
  ({
    type,
    name,
    urn: `urn:${type}::${name}`,
    props: unknownCheckingProxy({ metadata: { name, namespace }, spec }),
  }) as unknown as PolicyResource;

const aimedAt = (scaleTargetRef: object, type = HPA, namespace = "mcp") =>
  object(type, "scaler", { scaleTargetRef }, namespace);

/** The urns of what the rule refuses. */
async function refused(...resources: PolicyResource[]) {
  const said: { message: string; urn: string }[] = [];
  await kmcpReplicas.validateStack(
    {
      resources,
      stackTags: new Map(),
      getConfig: <T extends object>() => ({}) as T,
      notApplicable: () => {
        throw new Error("not applicable");
      },
    },
    ((violation: { message: string; urn: string }) => said.push(violation)) as never,
  );
  return said;
}

const echo = object(SERVER, "echo");
const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "echo" };

describe("kmcp-replicas", () => {
  it.each([
    ["a Deployment that KMCP makes", aimedAt(deployment)],
    ["the same by KEDA, whose target is a Deployment by itself", aimedAt({ name: "echo" }, SCALED)],
    ["an MCPServer, which has no scale", aimedAt({ kind: "MCPServer", name: "echo" })],
  ])("refuses an autoscaler on %s", async (_, scaler) => {
    expect(await refused(echo, scaler)).toEqual([
      {
        urn: scaler.urn,
        message: expect.stringMatching(
          /^The autoscaler is aimed at the MCP server echo.*runtime "deployment"/s,
        ),
      },
    ]);
  });

  it.each([
    ["a Deployment of one's own", aimedAt({ ...deployment, name: "other" })],
    ["one of that name elsewhere", aimedAt(deployment, HPA, "elsewhere")],
    ["another kind of that name", aimedAt({ kind: "StatefulSet", name: "echo" })],
    ["a name that isn't known yet", aimedAt({ kind: "Deployment", name: unknownString })],
  ])("leaves alone an autoscaler on %s", async (_, scaler) => {
    expect(await refused(echo, scaler)).toEqual([]);
  });

  it("has nothing to say without MCP servers", async () => {
    expect(await refused(aimedAt(deployment))).toEqual([]);
  });
});
