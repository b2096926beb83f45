import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  freePassword,
  issueFor,
  otherPassword,
  unknownValue,
} from "../../../components/acrTokenPassword/issue.ts";

const day = 86_400_000;
const start = new Date("2026-11-01T10:00:00.750Z");
const daysOn = (days: number, ms = 0) => new Date(Date.parse("2026-11-01T10:00:00Z") + days * day + ms);
const news = { tokenId: "/token", rotationDays: 30 };
const issued = { ...news, ...issueFor({}, news, start) };

describe("issueFor", () => {
  it("begins now, in whole seconds, and is valid for twice the days of rotation", () => {
    expect(issueFor({}, news, start)).toEqual({
      issuedAt: "2026-11-01T10:00:00Z",
      expiresAt: "2026-12-31T10:00:00Z",
    });
  });

  it.each([
    ["at once", start],
    ["a moment before it is due", daysOn(30, -1)],
  ])("stays %s", (_, now) => {
    expect(issueFor(issued, news, now)).toEqual({
      issuedAt: issued.issuedAt,
      expiresAt: issued.expiresAt,
    });
  });

  it.each([
    ["the days are over", {}, daysOn(30)],
    ["it has expired long ago", {}, daysOn(400)],
    ["the token is another", { tokenId: "/other" }, daysOn(1)],
    ["rotation is to be more frequent", { rotationDays: 7 }, daysOn(1)],
    ["rotation is to be less frequent", { rotationDays: 60 }, daysOn(1)],
    ["rotate has another text", { rotate: "leaked" }, daysOn(1)],
  ])("begins anew when %s", (_, change, now) => {
    const { issuedAt, expiresAt } = issueFor(issued, { ...news, ...change }, now);
    expect(Date.parse(issuedAt)).toBe(now.getTime());
    const days = { ...news, ...change }.rotationDays;
    expect(Date.parse(expiresAt) - now.getTime()).toBe(2 * days * day);
  });

  it("takes no text for rotate and an empty one for the same, set or unset", () => {
    for (const [before, now] of [
      [{ rotate: "" }, {}],
      [{ rotate: null }, { rotate: "" }],
      [{}, { rotate: null }],
    ]) {
      expect(issueFor({ ...issued, ...before }, { ...news, ...now }, daysOn(1)).issuedAt).toBe(
        issued.issuedAt,
      );
    }
    const leaked = { ...issued, rotate: "leaked" };
    expect(issueFor(leaked, { ...news, rotate: "leaked" }, daysOn(1)).issuedAt).toBe(issued.issuedAt);
    expect(issueFor(leaked, news, daysOn(1)).issuedAt).not.toBe(issued.issuedAt);
  });

  it.each(["tokenId", "rotationDays", "rotate"])("is unknown while %s is", (key) => {
    const unknown = { issuedAt: unknownValue, expiresAt: unknownValue };
    expect(issueFor({}, { ...news, [key]: unknownValue }, start)).toEqual(unknown);
    expect(issueFor(issued, { ...news, [key]: unknownValue }, start)).toEqual(unknown);
  });

  it("begins from a state without an issue or with one that was never known", () => {
    for (const issuedAt of [undefined, unknownValue, "soon"]) {
      expect(issueFor({ ...news, issuedAt }, news, start)).toMatchObject({
        issuedAt: "2026-11-01T10:00:00Z",
      });
    }
  });

  it("always leaves whoever has the password at least the days of rotation, as long as updates come", () => {
    const days = fc.integer({ min: 1, max: 365 });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 400 * day }), (rotationDays, elapsed) => {
        const args = { ...news, rotationDays };
        const first = issueFor({}, args, start);
        const now = new Date(Date.parse(first.issuedAt) + elapsed);
        const { expiresAt } = issueFor({ ...args, ...first }, args, now);
        expect(Date.parse(expiresAt) - now.getTime()).toBeGreaterThan(rotationDays * day - 1000);
      }),
    );
  });
});

describe("freePassword", () => {
  const [old, young] = ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"];
  const one = (createdAt?: string) => ({ name: "password1", createdAt });
  const two = (createdAt?: string) => ({ name: "password2", createdAt });

  it.each([
    ["password1", "none is there", []],
    ["password2", "the first is there", [one(old)]],
    ["password1", "the second is there", [two(old)]],
    ["password1", "the first is older", [one(old), two(young)]],
    ["password2", "the second is older", [two(old), one(young)]],
    ["password2", "the second has no time", [one(old), two()]],
  ] as const)("is %s when %s", (name, _, existing) => {
    expect(freePassword(existing)).toBe(name);
  });
});

describe("otherPassword", () => {
  it("changes between the two, and begins with the first", () => {
    expect([otherPassword("password1"), otherPassword("password2"), otherPassword(undefined)]).toEqual([
      "password2",
      "password1",
      "password1",
    ]);
  });
});
