import type * as pulumi from "@pulumi/pulumi";
import { aksMcpLimits } from "../../components/aksMcp/pod.ts";
import { AksMcp } from "../../components/aksMcp.ts";
import type { Settings } from "../settings.ts";
import { commonArgs, type KnownServerMaker } from "../shared/knownServers.ts";
import { mutable } from "../shared/mutable.ts";

/** Where the identities are that servers get in Azure, and what vouches for their pods there. */
export interface IdentityPlace {
  resourceGroupName: pulumi.Input<string>;
  location: string;
  oidcIssuerUrl: pulumi.Input<string>;
  tags: Settings["tags"];
}

/** What makes AKS-MCP, with an identity of its own. */
export function aksMcp({ tags, ...identities }: IdentityPlace): KnownServerMaker {
  return (server, settings, place) => {
    const { enabled, armEgress = [], ...args } = mutable(settings.aksMcp);
    const inCommon = commonArgs(server, args, aksMcpLimits(args.timeoutSeconds), settings, place);
    return new AksMcp(
      server.name,
      { ...args, armEgress, ...identities, tags: mutable(tags), ...inCommon },
      place.options,
    );
  };
}
