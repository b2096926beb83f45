export {
  ConfigError,
  type HttpConfig,
  httpConfig,
  httpSettings,
  list,
  readHttpConfig,
  readSettings,
  wholeNumber,
} from "./config.ts";
export type { CreateMcpServer } from "./endpoint.ts";
export { createLog, runProgram, type Started } from "./program.ts";
export { type HttpServerOptions, type RunningServer, startHttpServer } from "./server.ts";
