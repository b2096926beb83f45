import { describe, expect, it } from "vitest";
import { shortHash, stableUuid } from "../../components/names.ts";

describe("stableUuid", () => {
  it("is version 5 and depends on every part and where it ends", () => {
    const all = [stableUuid("a", "b"), stableUuid("a", "c"), stableUuid("ab"), stableUuid("a", "b", "")];
    for (const uuid of all) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(all).size).toBe(all.length);
  });

  it("never changes: role assignments have been made under these names", () => {
    expect(stableUuid("scope", "role", "principal")).toBe("9dcb4c1e-4f9e-5474-bacd-d4752f4357e0");
  });

  it("is the UUID that RFC 9562 defines for a URL", () => {
    expect(stableUuid("www.example.com")).toBe("b63cdfa4-3df9-568e-97ae-006c5b8fd652");
  });
});

describe("shortHash", () => {
  it("has the length and letters that were asked for", () => {
    expect(shortHash(10, "a")).toMatch(/^[a-z0-9]{10}$/);
    expect(shortHash(10, "a")).not.toBe(shortHash(10, "b"));
  });
});
