import { contains, type IpRange, parseIpRange } from "../ipRange.ts";

/** Addresses that pods may call. */
export interface NetworkEgress {
  /**
   * An IP range, such as "20.0.0.0/8". "0.0.0.0/0" and "::/0" are everywhere but private and link-local
   * addresses; of every range the addresses that Azure keeps for a node itself are left out.
   */
  cidr: string;
  /** TCP ports, 1 to 65535. @default [443] */
  ports?: number[];
}

/**
 * What no pod may call: these pods do what strangers ask (the tools of an MCP server, the weights and the
 * code that come with a model), and these addresses would answer them as if they were the node.
 */
const FORBIDDEN = [
  {
    range: range("169.254.169.254/32"),
    what: "the instance metadata service, which hands out the node's identity",
  },
  {
    range: range("168.63.129.16/32"),
    what: "Azure's wireserver, which hands out the node's configuration",
  },
  { range: range("fe80::/10"), what: "the link-local one, where only the node itself is" },
];

/**
 * The internet on port 443, over IPv4: not other pods, the rest of a private network or Azure's own
 * addresses.
 */
export const INTERNET: readonly NetworkEgress[] = [{ cidr: "0.0.0.0/0" }];

/** What "everywhere" doesn't mean: other pods and the rest of a private network. */
const NOT_THE_INTERNET = {
  4: ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32", "172.16.0.0/12", "192.168.0.0/16"],
  6: ["fc00::/7", "fe80::/10"],
};

/** What a range must be instead to be opened, or nothing when it can be. */
export function egressRule(cidr: string): string | undefined {
  const parsed = parseIpRange(cidr);
  if (typeof parsed === "string") return parsed;
  const hit = FORBIDDEN.find((forbidden) => contains(forbidden.range, parsed));
  return hit && `another range than ${hit.what}`;
}

/** All addresses but those that no pod may call, as NetworkPolicies name them. */
export const EVERYWHERE_BUT_NODE_SERVICES = ["0.0.0.0/0", "::/0"].map((cidr) => ({
  cidr,
  except: forbiddenIn(range(cidr)),
}));

/** A range, which has passed `egressRule`, as a NetworkPolicy names it. */
export function ipBlock(cidr: string): { cidr: string; except?: string[] } {
  const opened = range(cidr);
  const except = opened.prefix === 0 ? NOT_THE_INTERNET[opened.version] : forbiddenIn(opened);
  return except.length > 0 ? { cidr, except } : { cidr };
}

function forbiddenIn(opened: IpRange): string[] {
  return FORBIDDEN.filter((forbidden) => contains(opened, forbidden.range)).map(
    ({ range: { text } }) => text,
  );
}

function range(text: string): IpRange {
  const parsed = parseIpRange(text);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
}
