import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import ipaddr from "ipaddr.js";
import { DOCUMENTS } from "./documents.ts";

/** Options of fetchWebContent. */
export interface FetchOptions {
  url: string;
  maxChars: number;
  readability?: boolean;
  includeLinks?: boolean;
  renderMode?: "request" | "auto" | "browser";
}

/** An answer as text. */
export function answer(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** The answer of a tool that failed. */
export function failed(text: string): CallToolResult {
  return { ...answer(text), isError: true };
}

/**
 * A page of this web; any other is one whose name nobody resolves. Source:
 * src/engines/web/fetchWebContent.ts.
 */
export function fetchPage({ url, maxChars, readability, renderMode }: FetchOptions): CallToolResult {
  const page = DOCUMENTS.find((document) => document.url === url);
  if (page === undefined) return failed("Failed to fetch web content: Request URL could not be resolved");
  if (renderMode === "browser") {
    return failed("Failed to fetch web content: browser_unavailable, there is no browser");
  }
  const truncated = page.text.length > maxChars;
  const rest = page.text.length - maxChars;
  return answer(
    JSON.stringify(
      {
        url,
        finalUrl: url,
        contentType: "text/html; charset=utf-8",
        title: page.title,
        retrievalMethod: "request",
        truncated,
        content: truncated
          ? `${page.text.slice(0, maxChars)}\n\n[...truncated ${rest} characters]`
          : page.text,
        ...(readability ? { readabilityApplied: true } : {}),
      },
      null,
      2,
    ),
  );
}

/** A repository's README, of the one that this web has. */
export function fetchReadme(url: string): CallToolResult {
  return /^https:\/\/(www\.)?github\.com\/Azure\/AKS\/?$/.test(url)
    ? answer("# Azure Kubernetes Service\n\nRelease notes and issues of AKS.")
    : failed("README not found or repository does not exist");
}

/**
 * Whether a URL is one that upstream would fetch: public, and http or https. Source: src/utils/urlSafety.ts.
 */
export function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const host = hostname.replace(/\.+$/, "").replace(/^\[|\]$/g, "");
  if (!/^https?:$/.test(protocol) || host === "" || /(^|\.)localhost$/.test(host)) return false;
  return !ipaddr.isValid(host) || ipaddr.parse(host).range() === "unicast";
}

/**
 * Whether a URL is an article of a site, by its host and a part of it. Source:
 * src/core/validation/targetValidation.ts.
 */
export function isArticle(text: string, hostname: string, part: string): boolean {
  return URL.canParse(text) && new URL(text).hostname === hostname && text.includes(part);
}
