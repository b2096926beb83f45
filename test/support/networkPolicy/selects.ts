import ipaddr from "ipaddr.js";
import type { PolicyPeer, Selector } from "./objects.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects labels; an empty one selects all. A wrong one is an error and selects nothing by chance. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels = {}): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const has = Object.hasOwn(labels, key);
      const among = has && values.includes(labels[key] as string);
      switch (operator) {
        case "In":
          return among;
        case "NotIn":
          return !among;
        case "Exists":
          return has;
        case "DoesNotExist":
          return !has;
        default:
          throw new Error(`a label selector has no operator ${operator}`);
      }
    })
  );
}

/** Whether an address is in the range of a peer, and in none of its exceptions. */
export function inBlock({ cidr, except = [] }: NonNullable<PolicyPeer["ipBlock"]>, address: string): boolean {
  return inRange(cidr, address) && !except.some((part) => inRange(part, address));
}

function inRange(cidr: string, text: string): boolean {
  const [network, prefix] = ipaddr.parseCIDR(cidr);
  const address = ipaddr.parse(text);
  return network.kind() === address.kind() && address.match(network, prefix);
}
