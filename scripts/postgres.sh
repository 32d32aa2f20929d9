#!/bin/sh
# A throw-away PostgreSQL for tests, in a temporary folder, reached through a socket in it.
#   export TEST_POSTGRES_URL=$(scripts/postgres.sh start)
#   scripts/postgres.sh stop "$TEST_POSTGRES_URL"
# PostgreSQL does not run as root: there the user postgres runs it.
set -eu

fail() { echo "postgres.sh: $*" >&2; exit 1; }

# Debian keeps these out of the path.
find_programs() {
    command -v initdb >/dev/null 2>&1 && { dirname "$(readlink -f "$(command -v initdb)")"; return; }
    ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -n 1
}

as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid postgres --regid postgres --init-groups "$@"
    else
        "$@"
    fi
}

start() {
    programs=$(find_programs)
    [ -n "$programs" ] || fail "initdb is not there; Debian has it in the package postgresql"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/mentorship-postgres-XXXXXX")
    chmod 755 "$folder"
    if [ "$(id -u)" -eq 0 ]; then
        id postgres >/dev/null 2>&1 || fail "root cannot run PostgreSQL, and there is no user postgres to run it"
        chown postgres "$folder"
    fi
    cd "$folder"
    as_server "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 \
        --no-sync >"$folder/initdb.log" 2>&1 || fail "initdb failed: $(cat "$folder/initdb.log")"
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 500
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 8GB
checkpoint_timeout = 1h
CONF
    as_server "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --silent --wait start >/dev/null 2>&1 ||
        fail "the server does not start: $(cat "$folder/server.log")"
    echo "postgres://postgres@localhost/postgres?host=$folder"
}

stop() {
    folder=${1##*host=}
    case $folder in */mentorship-postgres-*) ;; *) fail "not a server of mine: $1" ;; esac
    cd "$folder"
    as_server "$(find_programs)/pg_ctl" --pgdata "$folder/data" --mode immediate --silent --wait stop >/dev/null
    cd /
    rm -rf "$folder"
}

case ${1:-} in
    start) start ;;
    stop) stop "${2:-${TEST_POSTGRES_URL:?names the server to stop}}" ;;
    *) fail "start, or stop URL" ;;
esac
