/** Words in a variable's name that say its value is a secret. */
const WORDS =
  /(^|_)(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|APIKEY|CREDENTIALS?|PRIVATE_?KEY|ACCESS_?KEY|API_?KEY|ACCOUNT_?KEY|CONNECTION_?STRING)(_|$)/;

/** Endings that turn such a name into something public: where the secret is, or how much of it there may be. */
const HARMLESS_ENDING =
  /_(FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|REF|ID|LIMIT|MAX|MIN|COUNT|SIZE|TTL|LENGTH|ENABLED|PARSER|TYPE)$/;

/** Whether a variable of this name would hold a secret. */
export function namesSecret(name: string): boolean {
  const upper = name.toUpperCase().replaceAll("-", "_");
  return WORDS.test(upper) && !HARMLESS_ENDING.test(upper);
}

/** What secrets look like, whatever they are called. */
const SHAPES: readonly [what: string, shape: RegExp][] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"']+:[^/\s@"'$]+@/i],
  ["a key of an Azure account", /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%]{8,}/],
  ["a shared access signature", /[?&]sig=[A-Za-z0-9+/%]{20,}/],
  ["a signed token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a token of GitHub", /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/],
  ["a token of Hugging Face", /\bhf_[A-Za-z0-9]{30,}/],
  ["a key of OpenAI's kind", /\bsk-[\w-]{20,}/],
  ["a token of Slack", /\bxox[abprs]-[\w-]{10,}/],
  ["a key of AWS", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
];

/** What kind of secret a text holds, if it holds one that shows. */
export function secretIn(text: string): string | undefined {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}

/** The option of a command line that is a secret in clear, as `--api-key=…`, or that with the value after it. */
export function secretOption(args: readonly unknown[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    const [, name = "", assigned] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(String(arg)) ?? [];
    if (!namesSecret(name)) continue;
    const value = assigned ?? args[i + 1];
    // A variable of the environment is filled in when the container starts.
    if (typeof value === "string" && value !== "" && !/^-|\$[({]/.test(value)) return `--${name}`;
  }
  return undefined;
}
