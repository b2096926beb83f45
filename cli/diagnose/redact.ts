/** What a secret looks like when it gets into a message or a log: what leads up to it, and the secret itself. */
const secrets: readonly RegExp[] = [
  /\b(hf_)[A-Za-z0-9]{8,}/g,
  /(\bbearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi,
  /(\b(?:password|passwd|secret|token|api[-_]?key|accountkey)["']?\s*[=:]\s*["']?)[^\s"',;&]{6,}/gi,
  // The signature of a shared access signature, and a password in a URL.
  /([?&]sig=)[^\s&"']+/gi,
  /(:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g,
];

/** A text without what looks like a secret. */
export function redact(text: string): string {
  return secrets.reduce((before, pattern) => before.replace(pattern, "$1[redacted]"), text);
}

/** A URL without user, query and fragment, where secrets are; what isn't a URL is only redacted. */
export function plainUrl(text: string): string {
  if (!URL.canParse(text)) return redact(text);
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
