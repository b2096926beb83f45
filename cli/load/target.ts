import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { isService } from "../mcp/forwarding.ts";
import { shownUrl } from "../mcp/place.ts";
import { mayLeadToCluster } from "../proxy.ts";
import { exitCodes, UserError } from "../userError.ts";

/** Ranges of addresses that are this machine's, or of a network of one's own, in the library's terms. */
const own = ["loopback", "private", "uniqueLocal", "linkLocal", "carrierGradeNat"];

/** Addresses of a host's name. */
export type Resolve = (host: string) => Promise<string[]>;

const system: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Lets load out to this machine, to private networks and into a cluster. What is on the internet may be somebody
 * else's, and looks like an attack to those who watch it: that must be meant.
 *
 * @throws {UserError} for public addresses, and for names that don't resolve
 */
export async function ensureMeant(
  url: URL,
  { yes = false, env, resolve = system }: { yes?: boolean; env: NodeJS.ProcessEnv; resolve?: Resolve },
): Promise<void> {
  if (yes || (isService(url) && mayLeadToCluster(env))) return;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(host) ? [host] : await resolved(url, host, resolve);
  const strange = addresses.find((address) => !own.includes(ipaddr.process(address).range()));
  if (strange === undefined) return;
  throw new UserError(
    `${shownUrl(url)} is at ${strange}, which is not an address of this machine or a private network; ` +
      "--yes says that the load is meant for it, and that its owner agrees",
    exitCodes.usage,
  );
}

async function resolved(url: URL, host: string, resolve: Resolve): Promise<string[]> {
  try {
    return await resolve(host);
  } catch {
    const hint = isService(url) ? "; a Service is called through a port that kubectl forwards" : "";
    throw new UserError(`the name ${host} does not resolve${hint}`, exitCodes.failed);
  }
}
