/** A form of text: the pattern, in words what it takes, and an example. */
export interface Form {
  readonly pattern: RegExp;
  readonly words: string;
  readonly example: string;
}

/** One label of a DNS name: Kubernetes asks this of namespaces and Services. */
export const DNS_LABEL: Form = {
  pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  words: "1 to 63 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'",
  example: "echo",
};

/** An object id, or another GUID. */
export const GUID: Form = {
  pattern: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  words: "a GUID",
  example: "00000000-0000-0000-0000-000000000000",
};

/** An amount of CPU, memory or disk. Source: resource.Quantity of Kubernetes, without exponents. */
export const QUANTITY: Form = {
  pattern: /^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/,
  words: "a Kubernetes quantity",
  example: "128Mi",
};

/** A taint of a node. */
export const TAINT: Form = {
  pattern: /^[^=:\s]+(=[^=:\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/,
  words: "key=value:effect",
  example: "team=a:NoSchedule",
};

/** A version of Kubernetes, as AKS takes it. */
export const KUBERNETES_VERSION: Form = {
  pattern: /^1\.\d+(\.\d+)?$/,
  words: 'a version as "1.34" or "1.34.2"',
  example: "1.34",
};

/** A version of a chart. */
export const CHART_VERSION: Form = {
  pattern: /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/,
  words: "a version without v",
  example: "0.3.0",
};

/** An image of which one can say what runs. */
export const PINNED_IMAGE: Form = {
  pattern: /^[^\s:@][^\s@]*(@sha256:[0-9a-f]{64}|:(?!latest$)\w[\w.-]*)$/,
  words: "an image with a tag other than latest, or with a digest",
  example: "example.azurecr.io/mcp/echo:0.1.0",
};

/** The path of a URL. */
export const URL_PATH: Form = { pattern: /^\/\S*$/, words: "a path that begins with /", example: "/mcp" };

/** The name of an environment variable. */
export const VARIABLE_NAME: Form = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  words: "letters, digits and '_', not beginning with a digit",
  example: "LOG_LEVEL",
};

/** A time of day. */
export const TIME_OF_DAY: Form = {
  pattern: /^([01]\d|2[0-3]):[0-5]\d$/,
  words: "a time of day as HH:MM",
  example: "02:00",
};

/** A time zone by its distance from UTC. */
export const UTC_OFFSET: Form = {
  pattern: /^[+-]\d\d:\d\d$/,
  words: "an offset as +HH:MM or -HH:MM",
  example: "+01:00",
};

/** What Azure takes as a registry's name. Source: https://aka.ms/azure-resource-naming */
export const REGISTRY_NAME: Form = {
  pattern: /^[a-z0-9]{5,50}$/,
  words: "5 to 50 of a-z and 0-9",
  example: "mcpaasdev",
};

/** Source: repository names of the OCI distribution specification. */
export const REPOSITORY: Form = {
  pattern: /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
  words: "a repository without registry and tag",
  example: "models/adapter",
};

/** The host of a registry. */
export const LOGIN_SERVER: Form = {
  pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/,
  words: "a host without scheme and path",
  example: "mcpaasdev.azurecr.io",
};

/** What stands before an image's repository: a registry, as Docker tells one from a path, and a path in it. */
export const IMAGE_PREFIX: Form = {
  pattern: /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9.-]+:\d+)(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
  words: "localhost, or a registry's host with a dot or a port, without scheme; a path may follow",
  example: "localhost:5001",
};

/** Source: tags of the OCI distribution specification. */
export const IMAGE_TAG: Form = {
  pattern: /^\w[\w.-]{0,127}$/,
  words: "1 to 128 letters, digits and '_', '.', '-', not beginning with '.' or '-'",
  example: "0.1.0",
};

/** What an image runs on, as Docker takes it. */
export const PLATFORM: Form = {
  pattern: /^linux\/[a-z0-9]+(\/v\d)?$/,
  words: "linux and an architecture",
  example: "linux/amd64",
};

/** An image that can't be another one tomorrow. */
export const DIGEST_IMAGE: Form = {
  pattern: /^[^\s@]+@sha256:[0-9a-f]{64}$/,
  words: "an image by digest: its name, '@sha256:' and 64 of 0-9 and a-f",
  example: `example.azurecr.io/mcp/echo@sha256:${"0".repeat(64)}`,
};

/** The name of a storage class, as part of a claim's name. */
export const STORAGE_CLASS: Form = {
  pattern: /^(?=.{1,100}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  words: "the name of a storage class",
  example: "managed-csi",
};

/** A user, a database or an extension of PostgreSQL, as it needs no quotes. */
export const SQL_NAME: Form = {
  pattern: /^(?!pg_|postgres$)[a-z_][a-z0-9_]{0,62}$/,
  words: "1 to 63 of a-z, 0-9 and '_', beginning with a letter or '_', and not PostgreSQL's own",
  example: "app",
};

/** When a CronJob runs: minute, hour, day, month, weekday. */
export const CRON_SCHEDULE: Form = {
  pattern: /^(@(hourly|daily|weekly|monthly|yearly)|[\d*,/-]+( [\dA-Za-z*?,/-]+){4})$/,
  words: "five fields of cron, or @hourly, @daily, @weekly or @monthly",
  example: "17 3 * * *",
};
