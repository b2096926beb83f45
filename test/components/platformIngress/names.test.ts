import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordOf } from "../../../components/platformIngress/dns.ts";
import { HOST_NAME, listenerName, relativeName } from "../../../components/platformIngress/names.ts";

describe("listenerName", () => {
  it("is a Service's port name, and no two hosts have one", () => {
    const host = fc.domain().filter((name) => HOST_NAME.pattern.test(name));
    fc.assert(
      fc.property(host, host, (one, other) => {
        expect(listenerName(one)).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
        expect(listenerName(one) === listenerName(other)).toBe(one === other);
      }),
    );
  });
});

describe("relativeName", () => {
  it.each([
    ["chat.example.com", "example.com", "chat"],
    ["a.b.example.com", "example.com", "a.b"],
    ["example.com", "example.com", "@"],
    ["badexample.com", "example.com", undefined],
    ["chat.example.org", "example.com", undefined],
  ])("%s in %s: %s", (host, zone, expected) => {
    expect(relativeName(host, zone)).toBe(expected);
  });
});

describe("recordOf", () => {
  it.each([
    [{ value: "203.0.113.1" }, { recordType: "A", aRecords: [{ ipv4Address: "203.0.113.1" }] }],
    [
      { type: "IPAddress", value: "2001:db8::1" },
      { recordType: "AAAA", aaaaRecords: [{ ipv6Address: "2001:db8::1" }] },
    ],
    [
      { type: "Hostname", value: "x.example" },
      { recordType: "CNAME", cnameRecord: { cname: "x.example" } },
    ],
  ])("%j", (address, record) => {
    expect(recordOf(address)).toEqual(record);
  });
});
