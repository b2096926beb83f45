import { describe, expect, it } from "vitest";
import { AUTHENTICATION } from "../../../components/platformIngress/routeResources.ts";
import { exposedWithAuth as rule } from "../../../policies/rules/exposedWithAuth.ts";
import { findings, unknownArray, unknownString } from "../judge.ts";

const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const toService = [{ backendRefs: [{ name: "app", port: 80 }] }];
const route = (says: unknown, rules: unknown = toService, type = ROUTE) =>
  findings(rule, type, { metadata: { annotations: { [AUTHENTICATION]: says } }, spec: { rules } });

describe("exposed-with-auth", () => {
  it("accepts a route that says who asks, and one that only redirects", async () => {
    expect(await route("the MCP guard asks for a token")).toEqual([]);
    expect(await route(undefined, [{ filters: [{ type: "RequestRedirect" }] }])).toEqual([]);
  });

  it.each([
    [ROUTE],
    ["kubernetes:gateway.networking.k8s.io/v1:GRPCRoute"],
    ["kubernetes:networking.k8s.io/v1:Ingress"],
  ])("refuses a %s that doesn't say it", async (type) => {
    expect(await route(undefined, toService, type)).toEqual([
      expect.stringContaining("mandatory: x leads in from outside and doesn't say who authenticates callers"),
    ]);
    expect(await route("yes", toService, type)).toHaveLength(1);
  });

  it("reports what isn't known yet", async () => {
    expect(await route(unknownString)).toEqual([expect.stringContaining("advisory: ")]);
    expect((await route("the guard asks", unknownArray))[0]).toContain("spec.rules is not known yet");
  });

  it("leaves other objects alone", async () => {
    expect(await route(undefined, toService, "kubernetes:core/v1:Service")).toEqual([]);
  });
});
