import type { Logger } from "pino";
import type { AuditEntry } from "./audit.ts";
import type { Authenticator } from "./authentication/index.ts";
import type { Caller } from "./caller.ts";
import type { ToolCall } from "./calls/toolCall.ts";
import type { Config } from "./config.ts";
import type { Limits } from "./limits/index.ts";
import type { Catalogue } from "./mcp/catalogue.ts";
import type { Sessions } from "./mcp/sessions.ts";
import type { Metrics } from "./metrics.ts";
import type { Resilience } from "./resilience/index.ts";
import type { Search } from "./search/index.ts";
import type { SessionMode } from "./sessionMode.ts";
import type { Upstream } from "./upstream/client.ts";

/** A timer of the guard. */
export type After = (seconds: number, act: () => void) => () => void;

/** What a guard is made of, and what handles requests works with. */
export interface Parts {
  config: Config;
  log: Logger;
  /** A clock in milliseconds. */
  now: () => number;
  /** Does something after so many seconds, unless the returned function is called before. */
  after: After;
  authenticator: Authenticator;
  /** Whether a caller may call a tool. */
  allowed: (caller: Caller, tool: string) => boolean;
  limits: Limits;
  resilience: Resilience;
  search: Search | undefined;
  audit: (entry: AuditEntry) => void;
  metrics: Metrics;
  sessions: Sessions<ToolCall>;
  sessionMode: SessionMode<ToolCall>;
  /** The calls that run now. */
  running: Set<ToolCall>;
  catalogue: Catalogue;
  upstream: Upstream;
}
