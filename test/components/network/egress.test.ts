import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { egressRule, ipBlock } from "../../../components/network/egress.ts";

/** The addresses that must stay closed, as numbers: the metadata service and the wireserver. */
const CLOSED = [0xa9fea9fen, 0xa83f8110n];

/** First and last address of an IPv4 range, computed apart from the library that the code uses. */
function bounds(cidr: string): [bigint, bigint] {
  const [address = "", prefix] = cidr.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  return [first, first + (1n << (32n - BigInt(prefix as string))) - 1n];
}

const within = (address: bigint, cidr: string) => {
  const [first, last] = bounds(cidr);
  return first <= address && address <= last;
};

function rangeAround(address: bigint, prefix: number): string {
  const size = 1n << BigInt(32 - prefix);
  const first = (address / size) * size;
  const octets = [24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n);
  return `${octets.join(".")}/${prefix}`;
}

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffffffffn }),
  // Next to what is closed, where an error of one bit shows.
  fc.tuple(fc.constantFrom(...CLOSED), fc.bigInt({ min: -300n, max: 300n })).map(([near, off]) => near + off),
);
const range = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([inside, prefix]) => rangeAround(inside, prefix));

describe("what pods may call", () => {
  it("never has a closed address in it, whichever range is declared", () => {
    fc.assert(
      fc.property(range, (cidr) => {
        if (egressRule(cidr) !== undefined) return;
        const block = ipBlock(cidr);
        for (const closed of CLOSED) {
          const open =
            within(closed, block.cidr) && !(block.except ?? []).some((part) => within(closed, part));
          expect([cidr, closed, open]).toEqual([cidr, closed, false]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("has everything else of a range but the closed addresses, unless the range is everywhere", () => {
    fc.assert(
      fc.property(range, address, (cidr, other) => {
        if (egressRule(cidr) !== undefined) {
          expect(CLOSED.map((closed) => rangeAround(closed, 32))).toContain(cidr);
          return;
        }
        if (cidr === "0.0.0.0/0" || CLOSED.includes(other)) return;
        const block = ipBlock(cidr);
        expect(block.cidr).toBe(cidr);
        expect((block.except ?? []).some((part) => within(other, part))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves out only parts of the range, which Kubernetes insists on", () => {
    fc.assert(
      fc.property(range, (cidr) => {
        if (egressRule(cidr) !== undefined) return;
        const [first, last] = bounds(cidr);
        for (const part of ipBlock(cidr).except ?? []) {
          const [from, to] = bounds(part);
          expect(first <= from && to <= last && to - from < last - first).toBe(true);
        }
      }),
    );
  });

  it.each([
    [
      "0.0.0.0/0",
      [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "168.63.129.16/32",
        "172.16.0.0/12",
        "192.168.0.0/16",
      ],
    ],
    ["::/0", ["fc00::/7", "fe80::/10"]],
    ["0::/0", ["fc00::/7", "fe80::/10"]],
    ["128.0.0.0/1", ["169.254.169.254/32", "168.63.129.16/32"]],
    ["169.254.0.0/16", ["169.254.169.254/32"]],
    ["168.0.0.0/8", ["168.63.129.16/32"]],
    ["fe00::/8", ["fe80::/10"]],
    ["20.0.0.0/8", undefined],
    ["10.0.0.0/8", undefined],
    ["2001:db8::/32", undefined],
  ])("%s is without %j", (cidr, except) => {
    expect(egressRule(cidr)).toBeUndefined();
    expect(ipBlock(cidr)).toEqual(except ? { cidr, except } : { cidr });
  });

  it.each([
    ["169.254.169.254/32", /^another range than the instance metadata service/],
    ["168.63.129.16/32", /^another range than Azure's wireserver/],
    ["fe80::/64", /^another range than the link-local one/],
    ["::ffff:169.254.169.254/128", /^written as an IPv4 range/],
    ["20.0.0.1/8", /^"20.0.0.0\/8", because a range of 8 bits begins there/],
    ["2001:db8::1/32", /^"2001:db8::\/32", because/],
    ...[
      "256.0.0.0/8",
      "20.0.0.0/33",
      "20.0.0.0",
      "20.0.0.0/08",
      "024.0.0.0/8",
      "0xa9.0xfe.0xa9.0xfe/32",
      "2852039166/32",
      "169.254.43518/32",
      " 20.0.0.0/8",
      "fe80::1%eth0/64",
      "2001:db8::/129",
      "example.com",
      "",
    ].map((text) => [text, /^an IP range, for example/] as const),
  ] as const)("%j must be something else", (cidr, rule) => {
    expect(egressRule(cidr)).toMatch(rule);
  });
});
