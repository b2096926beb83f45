import { ensure, InputPropertyError, mustBe } from "../validation.ts";

/** What the component itself decides, and what would open it or move its files. */
const OWN = [
  "listen_addresses",
  "port",
  "hba_file",
  "ident_file",
  "config_file",
  "data_directory",
  "unix_socket_directories",
  "password_encryption",
  "shared_preload_libraries",
];

/**
 * Each replica of Open WebUI 0.12.4 opens up to 15 connections for each of its three pools (SQLAlchemy's 5
 * and 10 more). Source: open_webui/internal/db.py, open_webui/retrieval/vector/dbs/pgvector.py.
 */
const DEFAULTS: Record<string, string> = { max_connections: "200", shared_buffers: "128MB" };

/** PostgreSQL's parameters, those that are given above the defaults. */
export function checkedParameters(parameters: Record<string, string> = {}): Record<string, string> {
  for (const [name, value] of Object.entries(parameters)) {
    const path = `parameters.${name}`;
    if (!/^[a-z_]+(\.[a-z_]+)?$/.test(name)) {
      throw new InputPropertyError(path, "is no name of a parameter: it must be as in postgresql.conf");
    }
    if (OWN.includes(name)) {
      throw new InputPropertyError(path, "is set by the component; leave it out");
    }
    const rule = (text: string) => (/[\n\0]/.test(text) || text === "" ? "one line of text" : undefined);
    ensure(path, value, mustBe(rule));
  }
  return { ...DEFAULTS, ...parameters };
}
