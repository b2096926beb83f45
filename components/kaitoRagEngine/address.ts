import ipaddr from "ipaddr.js";
import { egressRule } from "../network/egress.ts";
import { bareHost, placeOf } from "../network/place.ts";
import type { Check } from "../validation.ts";

/** What a message about a URL says of who calls it. */
export interface UrlWords {
  /** Whose pods, as in "would be the RAG engine's own pod". */
  caller: string;
  /** What a user or a password in the URL would mean, and the remedy. */
  credentials: string;
  example: string;
}

/** A URL that a pod can call. What holds a password is not repeated in the message. */
export const callableUrl =
  ({ caller, credentials, example }: UrlWords): Check<string> =>
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
      return (
        `${JSON.stringify(text)} is not allowed; it must be a URL that begins with http:// or https://, for ` +
        `example "${example}"`
      );
    }
    if (url.username !== "" || url.password !== "") return `holds a user or a password, ${credentials}`;
    const host = bareHost(url);
    if (host === "localhost" || (ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback")) {
      return `${JSON.stringify(text)} is not allowed; ${host} would be ${caller}'s own pod`;
    }
    const place = placeOf(text, 80);
    const rule = place.kind === "address" ? egressRule(place.cidr) : undefined;
    return rule && `${JSON.stringify(text)} is not allowed; its address must be ${rule}`;
  };

/** A URL that a RAG engine can call. */
export const serviceUrl: Check<string> = callableUrl({
  caller: "the RAG engine",
  credentials: "which everybody could read in the RAGEngine; use accessSecret",
  example: "http://phi.models.svc.cluster.local/v1/chat/completions",
});
