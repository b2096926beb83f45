import { describe, expect, it } from "vitest";
import { accessOf, allowedBy, targetOf } from "../../rehearsal/network/registryAccess.ts";

const target = (method: string, path: string) => targetOf(method, new URL(path, "https://demo.azurecr.io"));

describe("allowedBy", () => {
  it.each<[string, string, string[]]>([
    ["repositories/mcp/echo/content/read", "mcp/echo", ["pull"]],
    ["repositories/mcp/echo/content/write", "mcp/echo", ["push"]],
    ["repositories/mcp/echo/content/delete", "mcp/echo", ["delete"]],
    ["repositories/mcp/echo/metadata/read", "mcp/echo", ["metadata_read"]],
    ["repositories/mcp/echo/metadata/write", "mcp/echo", []],
    ["repositories/mcp/echo/content/read", "mcp/echo2", []],
    ["repositories/mcp/echo/content/read", "mcp", []],
    ["repositories/m.p/echo/content/read", "mcp/echo", []],
    ["repositories/*/content/read", "mcp/echo", ["pull"]],
    ["repositories/mcp/*/content/read", "mcp/echo", ["pull"]],
    ["repositories/mcp/*/content/read", "other/mcp/echo", []],
    ["gateway/a/config/read", "a", []],
  ])("%s: %s", (action, repository, allowed) => {
    expect(allowedBy([action], repository)).toEqual(allowed);
  });
});

describe("targetOf", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  it.each<[string, string, string[]]>([
    ["GET", "/v2/mcp/echo/manifests/1", ["pull"]],
    ["HEAD", `/v2/mcp/echo/blobs/${digest}`, ["pull"]],
    ["PUT", "/v2/mcp/echo/manifests/1", ["pull", "push"]],
    ["POST", "/v2/mcp/echo/blobs/uploads/", ["pull", "push"]],
    ["PATCH", "/v2/mcp/echo/blobs/uploads/12", ["pull", "push"]],
    ["DELETE", `/v2/mcp/echo/manifests/${digest}`, ["delete"]],
    ["GET", "/v2/mcp/echo/tags/list?n=1", ["metadata_read"]],
  ])("%s %s", (method, path, actions) => {
    const needs = [{ repository: "mcp/echo", actions }];
    expect(target(method, path)).toEqual({ kind: "repository", repository: "mcp/echo", needs });
  });

  it("knows what is no repository's", () => {
    expect([target("GET", "/v2/").kind, target("GET", "/v2").kind]).toEqual(["version", "version"]);
    expect(target("GET", "/v2/_catalog?n=5").kind).toBe("catalog");
    for (const path of ["/", "/v1/a/manifests/1", "/v2/Echo/manifests/1", "/v2/manifests/1", "/v2/a/tags"]) {
      expect([path, target("GET", path).kind]).toEqual([path, "none"]);
    }
  });

  it("is about the last repository of a path that names several", () => {
    expect(target("GET", "/v2/a/manifests/1/blobs/x")).toMatchObject({ repository: "a/manifests/1" });
  });
});

it("reads scopes, alone or several, of repositories only", () => {
  expect(accessOf(["repository:a/b:pull,push registry:catalog:*", "repository:c:pull"])).toEqual([
    { repository: "a/b", actions: ["pull", "push"] },
    { repository: "c", actions: ["pull"] },
  ]);
});
