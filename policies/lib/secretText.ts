/** What makes a secret of a word before `KEY`: services that call their secret so, and what keys are for. */
const KEYED =
  "API|ACCESS|ACCOUNT|PRIVATE|AUTH|MASTER|SIGNING|ENCRYPTION|STORAGE|COSMOS|SEARCH|OPENAI|AZURE|HF|ANTHROPIC|" +
  "COHERE|GEMINI|GROQ|MISTRAL";

/** Words in a variable's name that say its value is a secret. */
const WORDS = new RegExp(
  `(^|_)(${[
    "SECRETS?|TOKEN|(API|AUTH|ACCESS|BEARER)_?TOKENS|PASSPHRASE|CREDENTIALS?|CONNECTION_?STRING",
    // PGPASSWORD, and MYSQL_PWD: PWD alone is the folder that a shell is in.
    "[A-Z0-9]*(PASSWORD|PASSWD)S?|(?<=_)PWD",
    `(${KEYED})_?KEYS?`,
    "(GITHUB|GH|GITLAB|ADO|AZP|DEVOPS)_PAT|(REDIS|VALKEY|NEO4J|BASIC)_AUTH",
  ].join("|")})(_|$)`,
);

/** Endings that turn such a name into something public: where the secret is, or how much of it there may be. */
const HARMLESS_ENDING =
  /_(FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|REF|ID|LIMIT|MAX|MIN|COUNT|SIZE|TTL|LENGTH|ENABLED|PARSER|TYPE|HEADER|SECONDS)$/;

/** Names of switches, which are about a secret and none. */
const SWITCH = /^(ENABLE|DISABLE|REQUIRE|USE)_|_(ENABLE|DISABLE|REQUIRE)_/;

/** Values that are no secret under any name: switches, tokens of language models (`<pad>`), and references. */
const HARMLESS_VALUE = /^(true|false|yes|no|on|off|\d|<[^<>]*>|\[[A-Z]+\]|\$\([\w.-]+\))$/i;

/** Whether a variable of this name would hold a secret: `DB_PASSWORD`, `api-key`, `dbPassword`. */
export function namesSecret(name: string): boolean {
  const upper = upperCase(name);
  return WORDS.test(upper) && !HARMLESS_ENDING.test(upper) && !SWITCH.test(upper);
}

/**
 * Whether a known value can't be one that a name makes a secret. `$(NAME)` is Kubernetes' reference to another
 * variable. Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function isHarmless(value: unknown): boolean {
  return HARMLESS_VALUE.test(String(value));
}

/** A name as variables are written, whatever its own way: `dbPassword` is `DB_PASSWORD`. */
function upperCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/[-.]/g, "_");
}

/** Keys of files whose values are secrets: fewer than of variables, as words mean more things there. */
const FILE_KEY = /(PASSWORD|PASSWD|API_?KEYS?|CLIENT_SECRET|SECRET_KEY|SECRET_ACCESS_KEY|ACCOUNT_KEY)$/;
/** Files of settings, one a line. */
const SETTINGS = /\.(ya?ml|json|toml|ini|conf|cfg|properties|env)$/i;
/** A line that sets a key to one word, and to no expression, reference or path. */
const LINE = /^[\s{,-]*["']?([\w.-]+)["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s"'#,]+))\s*[,}]*\s*(?:#.*)?$/;

/** The key of a file of settings that has a secret in clear, such as `password` of `password: example`. */
export function secretSetting(file: string, text: string): string | undefined {
  if (!SETTINGS.test(file)) return undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key = "", ...quoted] = LINE.exec(line) ?? [];
    const value = quoted.find((each) => each !== undefined) ?? "";
    if (!FILE_KEY.test(upperCase(key)) || !namesSecret(key)) continue;
    if (!isHarmless(value) && /^[^${}()[\]<>|&*/~]{3,}$/.test(value) && value !== "null") return key;
  }
  return undefined;
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
    if (typeof value !== "string" || value === "" || isHarmless(value)) continue;
    if (!/^-|\$[({]/.test(value)) return `--${name}`;
  }
  return undefined;
}
