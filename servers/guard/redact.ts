/**
 * What looks like a secret: people paste them into searches by mistake. Each is known by its form: the keys of a
 * PEM file, JWTs, credentials in addresses, "password: x" and its kin, tokens of GitHub, GitLab, Slack, OpenAI,
 * Hugging Face, AWS, Google and Azure, and, last, long runs of letters mixed with digits as random keys have.
 */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{5,}\.[\w-]+(\.[\w-]*)?/g,
  /(?<=\/\/)[^\s/@:]*:[^\s/@]+(?=@)/g,
  /(?<=\b(?:bearer|basic)\s+)[\w\-.~+/]{8,}=*/gi,
  /(?<=(?<![A-Za-z])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|account[-_ ]?key|sig)\s*["']?\s*[:=]\s*["']?)[^\s"'&;,]+/gi,
  /\b(?:gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|hf_|AKIA|ASIA|AIza|ya29\.)[\w\-.]{8,}/g,
  /(?<![\w+/=-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/-]{32,}={0,2}/g,
];

/** The text with `[redacted]` in place of whatever looks like a secret. */
export function redact(text: string): string {
  return secrets.reduce((rest, pattern) => rest.replace(pattern, "[redacted]"), text);
}
