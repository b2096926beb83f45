import { join } from "node:path";
import { type HttpConfig, httpConfig, httpSettings, list, readSettings, wholeNumber } from "@mcpaas/mcp-http";
import { z } from "zod";

const yesOrNo = (fallback: boolean) =>
  z
    .enum(["true", "false"], { error: ({ input }) => `must be true or false, not "${input}"` })
    .default(fallback ? "true" : "false")
    .transform((text) => text === "true");

const path = z.string().startsWith("/", {
  error: ({ input }) => `must be an absolute path such as /tmp, not "${input}"`,
});

const names = list.superRefine((found, context) => {
  for (const name of found) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    context.addIssue({ code: "custom", message: `must list names of variables, not "${name}"` });
  }
});

const settings = {
  ...httpSettings,
  TRANSPORT: z
    .enum(["http", "stdio"], { error: ({ input }) => `must be http or stdio, not "${input}"` })
    .default("http"),
  IE_PATH: z.string().min(1, "must not be empty").default("ie"),
  ALLOW_EXECUTE: yesOrNo(false),
  ALLOW_INLINE: yesOrNo(true),
  CATALOGUE_DIR: path.default(join(import.meta.dirname, "catalogue")),
  WORK_DIR: path.default("/tmp"),
  REPORTS_DIR: path.optional(),
  MAX_REPORTS: wholeNumber(1, 10_000, 100),
  RUN_SECONDS: wholeNumber(1, 86_400, 900),
  KILL_GRACE_SECONDS: wholeNumber(0, 60, 5),
  HEARTBEAT_SECONDS: wholeNumber(1, 600, 10),
  MAX_RUNS: wholeNumber(1, 100, 2),
  MAX_QUEUED: wholeNumber(0, 1000, 16),
  MAX_OUTPUT_BYTES: wholeNumber(1024, 16 * 1024 * 1024, 256 * 1024),
  MAX_OUTPUT_LINES: wholeNumber(1, 1_000_000, 5000),
  MAX_DOCUMENT_BYTES: wholeNumber(1024, 1024 * 1024, 128 * 1024),
  ALLOWED_VARIABLES: names,
  PASS_ENVIRONMENT: names.prefault("KUBERNETES_SERVICE_HOST,KUBERNETES_SERVICE_PORT"),
  RUN_PATH: z.string().min(1, "must not be empty").default("/usr/local/bin:/usr/bin:/bin"),
};

/** What the server runs with. */
export interface Config {
  http: HttpConfig;
  /** "http": streamable HTTP; "stdio": one client, on standard input and output. @default "http" */
  transport: "http" | "stdio";
  /** The `ie` program; without a slash it is looked for in PATH. @default "ie" */
  iePath: string;
  /** Whether documents may be executed and tested; else the server only reads. @default false */
  allowExecute: boolean;
  /** Whether callers may execute documents of their own, and not only the catalogue's. @default true */
  allowInline: boolean;
  /** Folder of the catalogue's documents. @default the three that the server brings */
  catalogueDir: string;
  /** Folder in which each run gets its own; the one place that must be writable. @default "/tmp" */
  workDir: string;
  /** Folder of reports. @default "innovation-engine-reports" in `workDir` */
  reportsDir: string;
  /** How many reports to keep. @default 100 */
  maxReports: number;
  /** How many seconds a run may take; it is ended then. @default 900 */
  runSeconds: number;
  /** How many seconds a run has between SIGTERM and SIGKILL. @default 5 */
  killGraceSeconds: number;
  /** After how many seconds without other progress to tell that a run goes on. @default 10 */
  heartbeatSeconds: number;
  /** How many documents run at the same time. @default 2 */
  maxRuns: number;
  /** How many more may wait; further ones are refused. @default 16 */
  maxQueued: number;
  /** How much of a run's output is kept, in bytes. @default 262144 */
  maxOutputBytes: number;
  /** How much of a run's output is kept, in lines. @default 5000 */
  maxOutputLines: number;
  /** Largest document in bytes. @default 131072 */
  maxDocumentBytes: number;
  /** Variables that callers may set besides those that a document declares. @default [] */
  allowedVariables: string[];
  /** Variables of the server that documents see. @default the two that say where Kubernetes is */
  passedEnvironment: Record<string, string>;
  /** PATH of the commands in documents. @default "/usr/local/bin:/usr/bin:/bin" */
  runPath: string;
}

/** Reads the settings; throws a `ConfigError` that names every wrong variable in one line. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const data = readSettings(settings, env);
  const passed = data.PASS_ENVIRONMENT.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    http: httpConfig(data),
    transport: data.TRANSPORT,
    iePath: data.IE_PATH,
    allowExecute: data.ALLOW_EXECUTE,
    allowInline: data.ALLOW_INLINE,
    catalogueDir: data.CATALOGUE_DIR,
    workDir: data.WORK_DIR,
    reportsDir: data.REPORTS_DIR ?? join(data.WORK_DIR, "innovation-engine-reports"),
    maxReports: data.MAX_REPORTS,
    runSeconds: data.RUN_SECONDS,
    killGraceSeconds: data.KILL_GRACE_SECONDS,
    heartbeatSeconds: data.HEARTBEAT_SECONDS,
    maxRuns: data.MAX_RUNS,
    maxQueued: data.MAX_QUEUED,
    maxOutputBytes: data.MAX_OUTPUT_BYTES,
    maxOutputLines: data.MAX_OUTPUT_LINES,
    maxDocumentBytes: data.MAX_DOCUMENT_BYTES,
    allowedVariables: data.ALLOWED_VARIABLES,
    passedEnvironment: Object.fromEntries(passed),
    runPath: data.RUN_PATH,
  };
}
