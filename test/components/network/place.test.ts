import { describe, expect, it } from "vitest";
import { placeOf } from "../../../components/network/place.ts";

describe("placeOf", () => {
  it.each([
    ["http://phi.models.svc.cluster.local/v1", { kind: "cluster", namespace: "models", port: 80 }],
    ["http://phi.models.svc:8000", { kind: "cluster", namespace: "models", port: 8000 }],
    ["http://phi.models.svc.cluster.local.:8000", { kind: "cluster", namespace: "models", port: 8000 }],
    ["http://phi/v1", { kind: "cluster", namespace: undefined, port: 80 }],
    ["https://api.openai.com/v1/chat/completions", { kind: "internet", port: 443 }],
    ["https://models.svc.example.com:8443", { kind: "internet", port: 8443 }],
    ["http://20.1.2.3:8080/x", { kind: "address", cidr: "20.1.2.3/32", port: 8080 }],
    ["https://[2603::7]/x", { kind: "address", cidr: "2603::7/128", port: 443 }],
  ])("%s", (url, place) => {
    expect(placeOf(url)).toEqual(place);
  });

  it.each([
    ["http://qdrant.db.svc", 6333],
    ["https://x.cloud.qdrant.io", 6333],
    ["https://x.cloud.qdrant.io:443", 443],
    ["http://x.cloud.qdrant.io:80/path:1?q=:2", 80],
    ["https://[2603::7]", 6333],
  ])("%s means the service's own port only when none is written down", (url, port) => {
    expect(placeOf(url, 6333).port).toBe(port);
  });
});
