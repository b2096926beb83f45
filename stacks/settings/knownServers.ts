/** A server that has settings of its own instead of an entry in `mcpServers`. */
export interface KnownServer {
  /** Where its settings are. */
  key: "openWebSearch" | "innovationEngine" | "aksMcp";
  /** What it is called in the cluster and in the stack's outputs. */
  name: string;
  /** The folder below `servers` that its image is built from. @default - its settings name an image */
  folder?: string;
}

/** The servers that have settings of their own. */
export const KNOWN_SERVERS: readonly KnownServer[] = [
  { key: "openWebSearch", name: "open-websearch", folder: "open-websearch" },
  { key: "innovationEngine", name: "innovation-engine", folder: "innovation-engine" },
  { key: "aksMcp", name: "aks-mcp" },
];
