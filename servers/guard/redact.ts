/** Names before values that are secrets. */
const keys = "pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|access|account)[-_ ]?key|sig";

/**
 * What looks like a secret: people paste them into searches by mistake. Each is known by its form: the keys
 * of a PEM file, JWTs, credentials in addresses, "password: x" and its kin, tokens of GitHub, GitLab, Slack,
 * OpenAI, Hugging Face, AWS, Google and Azure, and, last, long runs of letters mixed with digits as random
 * keys have.
 */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{5,}\.[\w-]+(\.[\w-]*)?/g,
  /(?<=\/\/)[^\s/@:]*:[^\s/@]+(?=@)/g,
  /(?<=\b(?:bearer|basic)\s{1,3})[\w\-.~+/]{8,}=*/gi,
  new RegExp(String.raw`(?<=(?<![a-z])(?:${keys})["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'&;,]+`, "gi"),
  /\b(?:gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|hf_|AKIA|ASIA|AIza|ya29\.)[\w\-.]{8,}/g,
  /(?<![\w+/=-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/-]{32,}={0,2}/g,
];

/** More of a text isn't read, because callers choose how long it is. */
const maxLength = 2000;

/**
 * The text with `[redacted]` in place of whatever looks like a secret; of a long one only its beginning,
 * without the word that the cut goes through, because half a secret can't be known as one.
 */
export function redact(text: string): string {
  const head = text.length > maxLength ? text.slice(0, maxLength).replace(/\S*$/, "") : text;
  return secrets.reduce((rest, pattern) => rest.replace(pattern, "[redacted]"), head);
}
