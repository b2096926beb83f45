import { describe, expect, it } from "vitest";
import { kmcpReplicas } from "../../../policies/rules/kmcpReplicas.ts";
import { judgeStack, type Member, stackFindings, unknownString } from "../judge.ts";

const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";

const object = (type: string, name: unknown, spec: object = {}, namespace: unknown = "mcp"): Member => ({
  type,
  name: type.split(":").at(-1),
  props: { metadata: { name, namespace }, spec },
});
const aimedAt = (scaleTargetRef: object, type = HPA, namespace: unknown = "mcp") =>
  object(type, "scaler", { scaleTargetRef }, namespace);

const echo = object(SERVER, "echo");
const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "echo" };

describe("kmcp-replicas", () => {
  it.each([
    ["a Deployment that KMCP makes", aimedAt(deployment)],
    ["the same by KEDA, whose target is a Deployment by itself", aimedAt({ name: "echo" }, SCALED)],
    ["an MCPServer, which has no scale", aimedAt({ kind: "MCPServer", name: "echo" })],
  ])("refuses an autoscaler on %s", async (_, scaler) => {
    const [said, ...more] = await judgeStack(kmcpReplicas, [echo, scaler]);
    expect(said).toMatch(
      /^mandatory \w+: The autoscaler is aimed at the MCP server echo.*runtime "deployment"/s,
    );
    expect(said).toContain(` ${scaler.name}: `);
    expect(more).toEqual([]);
  });

  it("judges patches by what they set", async () => {
    const patched = object(`${SERVER}Patch`, "echo");
    expect(await judgeStack(kmcpReplicas, [patched, aimedAt(deployment)])).toHaveLength(1);
    expect(await judgeStack(kmcpReplicas, [echo, aimedAt(deployment, `${HPA}Patch`)])).toHaveLength(1);
    const unnamed = object(SERVER, unknownString);
    expect(await judgeStack(kmcpReplicas, [unnamed, object(`${HPA}Patch`, "scaler")])).toEqual([]);
  });

  it.each([
    ["a Deployment of one's own", aimedAt({ ...deployment, name: "other" })],
    ["one of that name elsewhere", aimedAt(deployment, HPA, "elsewhere")],
    [
      "one elsewhere, whose name isn't known yet",
      aimedAt({ ...deployment, name: unknownString }, HPA, "else"),
    ],
    ["another kind of that name", aimedAt({ kind: "StatefulSet", name: "echo" })],
  ])("leaves alone an autoscaler on %s", async (_, scaler) => {
    expect(await judgeStack(kmcpReplicas, [echo, scaler])).toEqual([]);
  });

  it.each([
    ["the target's name", "spec.scaleTargetRef.name", echo, aimedAt({ ...deployment, name: unknownString })],
    ["the target's kind", "spec.scaleTargetRef.kind", echo, aimedAt({ kind: unknownString, name: "echo" })],
    ["the target", "spec.scaleTargetRef", echo, object(HPA, "scaler", { scaleTargetRef: unknownString })],
    ["its namespace", "metadata.namespace", echo, aimedAt(deployment, HPA, unknownString)],
    ["the server's name", "metadata.name", object(SERVER, unknownString), aimedAt(deployment)],
  ])("refuses, in a preview, what it can't judge: %s", async (_, path, server, scaler) => {
    const said = await stackFindings(kmcpReplicas, [server, scaler]);
    expect(said).toEqual([
      expect.stringContaining(`: ${path} of ${scaler.name} (${scaler.type}) is not known`),
    ]);
    expect(said[0]).toMatch(/^mandatory /);
  });

  it("has nothing to say without MCP servers", async () => {
    expect(await judgeStack(kmcpReplicas, [aimedAt(deployment)])).toEqual([]);
    expect(await judgeStack(kmcpReplicas, [aimedAt({ ...deployment, name: unknownString })])).toEqual([]);
  });
});
