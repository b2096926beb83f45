/** Where the pod has what the configuration names. */
export const FOLDERS = { data: "/data", config: "/etc/valkey" } as const;

/** The port that clients call, Redis' own. */
export const REDIS_PORT = 6379;

/**
 * valkey.conf. Each write is in the append-only file within a second: what is lost then is a second of
 * sign-outs. When the memory is full writes fail, which shows, rather than that signed-out tokens are
 * forgotten and become good again.
 *
 * The one user may do what clients do, and nothing that administers: no CONFIG, KEYS, FLUSHALL or SHUTDOWN.
 */
export function valkeyConf({ password, maxMemoryMiB }: { password: string; maxMemoryMiB: number }): string {
  return `bind * -::*
port ${REDIS_PORT}
dir ${FOLDERS.data}
appendonly yes
appendfsync everysec
save ""
maxmemory ${maxMemoryMiB}mb
maxmemory-policy noeviction
timeout 0
tcp-keepalive 60
user default on >${password} ~* &* +@all -@admin -@dangerous +info
`;
}
