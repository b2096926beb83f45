import { describe, expect, it } from "vitest";
import { DEFAULT_RANGES, rangeConflict } from "../../../components/platformNetwork/ranges.ts";

describe("the ranges of a network", () => {
  it("can be the default ones", () => {
    expect(rangeConflict(DEFAULT_RANGES)).toBeUndefined();
  });

  it.each([
    ["no range at all", { addressSpace: "10.224.0.0" }, "addressSpace", /an IP range/],
    ["a range that begins elsewhere", { nodesSubnet: "10.224.0.1/20" }, "nodesSubnet", /10\.224\.0\.0\/20/],
    ["IPv6", { addressSpace: "fd00::/48" }, "addressSpace", /an IPv4 range/],
    [
      "the addresses of pods",
      { addressSpace: "10.244.128.0/17" },
      "addressSpace",
      /beside 10\.244\.0\.0\/16/,
    ],
    ["all of a private network", { addressSpace: "10.0.0.0/8" }, "addressSpace", /beside 10\.244\.0\.0\/16/],
    ["a subnet elsewhere", { nodesSubnet: "10.225.0.0/20" }, "nodesSubnet", /inside addressSpace, which is/],
    ["a subnet around the network", { nodesSubnet: "10.224.0.0/15" }, "nodesSubnet", /inside addressSpace/],
    [
      "two subnets in one place",
      { endpointsSubnet: "10.224.8.0/24" },
      "endpointsSubnet",
      /beside nodesSubnet/,
    ],
    ["a subnet of three addresses", { endpointsSubnet: "10.224.16.0/29" }, "endpointsSubnet", /\/28/],
  ])("can't be %s", (_, changed, key, rule) => {
    const conflict = rangeConflict({ ...DEFAULT_RANGES, ...changed });
    expect(conflict).toEqual({ key, rule: expect.stringMatching(rule) });
  });
});
