/**
 * The program of an init container that brings PostgreSQL's tables up to date, one pod at a time: Open WebUI
 * itself does it in every process that starts, without a lock, and of two that start at once on an empty
 * database one always dies. Its own migration runs when its configuration is imported; the lock is the
 * session's, so it ends with the process however that ends, and asks for a connection of its own: none
 * through PgBouncer in transaction mode.
 *
 * It runs with the app's environment, in the folder where the image's program starts; the app's own
 * container then finds nothing left to migrate. The vector store makes its tables on import, too, except in
 * the slim image. Source: open_webui/config.py, open_webui/retrieval/vector/factory.py, 0.12.4.
 */
export const MIGRATE = `import os
import psycopg

with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as lock:
    lock.execute("select pg_advisory_lock(hashtext('open-webui migrations'))")
    import open_webui.config
    import open_webui.retrieval.vector.factory
`;

/** As a container's command. */
export const MIGRATE_COMMAND: readonly string[] = ["python3", "-c", MIGRATE];
