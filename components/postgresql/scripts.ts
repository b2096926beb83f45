/** Where the pod has what these texts name. */
export const FOLDERS = {
  /** The data's, on their volume: initdb wants a folder of its own, and volumes have a lost+found. */
  data: "/var/lib/postgresql/data/pgdata",
  volume: "/var/lib/postgresql/data",
  /** The socket's, which is also where the images' clients look for it. */
  socket: "/var/run/postgresql",
  /** These scripts'. */
  scripts: "/etc/postgresql-scripts",
  backups: "/backups",
} as const;

/** Whose the data are: the one role that can sign in over the network, and the one database. */
export interface Database {
  database: string;
  extensions: readonly string[];
}

/**
 * Makes the data folder and the database if they aren't there yet, and sets the role's password, so that a
 * new one is in force when the pod starts. Runs before each start, with nobody but itself connected; what it
 * does twice changes nothing. A folder that was left half made has another name and is made again.
 *
 * The superuser is the user of the pod, comes in through the socket only, and has no password. APP_PASSWORD
 * goes around command lines, and what psql sends is kept out of the log when it fails.
 */
export function prepareScript({ database, extensions }: Database): string {
  return `set -eu
umask 077
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --encoding=UTF8 --locale=C.UTF-8 --data-checksums \\
    --auth-local=peer --auth-host=reject
  if [ -d "$PGDATA" ]; then rmdir "$PGDATA"; fi
  mv "$PGDATA.new" "$PGDATA"
fi
# A kubelet that changes the group of a volume's files makes the folder the group's, too, which is refused.
chmod 700 "$PGDATA"
data=$(cat "$PGDATA/PG_VERSION")
program=$(postgres --version | sed 's/^[^0-9]*\\([0-9]*\\).*/\\1/')
if [ "$data" != "$program" ]; then
  echo "The data are those of PostgreSQL $data, and the image is $program: restore a backup into an empty" \\
    "disk, or go back to an image of $data." >&2
  exit 1
fi
pg_ctl start --wait --timeout=900 --silent \\
  --options="-c listen_addresses= -c unix_socket_directories=$PGHOST -c hba_file=$SCRIPTS/pg_hba.conf"
trap 'pg_ctl stop --wait --mode=fast --silent' EXIT
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL'
set log_min_error_statement = panic;
\\getenv password APP_PASSWORD
select 'create role ${database} login' where not exists (select from pg_roles where rolname = '${database}')
\\gexec
alter role ${database} password :'password';
select 'create database ${database} owner ${database}'
  where not exists (select from pg_database where datname = '${database}')
\\gexec
revoke all on database postgres, template1, ${database} from public;
\\connect ${database}
${extensions.map((extension) => `create extension if not exists ${extension};`).join("\n")}
SQL
`;
}

/** Who may sign in, and how: the pod's own user through the socket, the role to its database, nobody else. */
export function hbaFile({ database }: Database): string {
  return `local all all peer
host ${database} ${database} all scram-sha-256
`;
}

/**
 * Writes a dump that can be read whole, then deletes the oldest ones. The schema alone, without extensions:
 * those are the superuser's, and the role that restores it couldn't make them.
 */
export const BACKUP_SCRIPT = `set -eu
umask 077
cd "$BACKUPS"
rm -f -- ./*.partial
file="$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --schema=public --file="$file.partial"
pg_restore --file=/dev/null "$file.partial"
mv "$file.partial" "$file"
sync
echo "wrote $file, $(wc -c <"$file") bytes"
ls -1 | grep "^$PGDATABASE-.*[.]dump$" | sort -r | tail -n +"$((KEEP + 1))" | while read -r old; do
  rm -f -- "$old"
  echo "deleted $old"
done
`;

/**
 * Puts a dump in the place of everything that is in the database, in one transaction: all of it or nothing.
 * The newest one, unless BACKUP names another. Nothing is written but the database: the commit goes to psql
 * only behind a dump that was read to its end, and without it the end of the text undoes everything.
 */
export const RESTORE_SCRIPT = `set -eu
cd "$BACKUPS"
file="\${BACKUP:-$(ls -1 | grep "^$PGDATABASE-.*[.]dump$" | sort | tail -n 1)}"
if [ ! -s "$file" ]; then
  echo "no such backup: '$file'; there are: $(ls -1 | tr '\\n' ' ')" >&2
  exit 1
fi
whole=$(mktemp -d)/whole
{
  echo 'begin;'
  echo 'drop owned by current_user cascade;'
  if pg_restore --schema=public --no-owner --no-privileges --no-comments --file=- "$file"; then
    echo 'commit;'
    touch "$whole"
  fi
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --output=/dev/null --file=-
if [ ! -e "$whole" ]; then
  echo "$file can't be read to its end; nothing has changed" >&2
  exit 1
fi
echo "restored $file"
`;
