#!/bin/sh
# A throw-away PostgreSQL for tests, in a temporary folder, reached through a socket in it.
#   export TEST_POSTGRES_URL=$(scripts/postgres.sh start)
#   scripts/postgres.sh stop "$TEST_POSTGRES_URL"
# With a folder to start in it is kept there, durable and counting its statements, as benchmarks want it.
#   scripts/postgres.sh start FOLDER
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
    kept=${1:-}
    folder=${kept:-$(mktemp -d "${TMPDIR:-/tmp}/mentorship-postgres-XXXXXX")}
    mkdir -p "$folder"
    chmod 755 "$folder"
    if [ "$(id -u)" -eq 0 ]; then
        id postgres >/dev/null 2>&1 || fail "root cannot run PostgreSQL, and there is no user postgres to run it"
        chown postgres "$folder"
    fi
    cd "$folder"
    [ -d "$folder/data" ] || make_cluster
    as_server "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --silent --wait start >/dev/null 2>&1 ||
        fail "the server does not start: $(cat "$folder/server.log")"
    echo "postgres://postgres@localhost/postgres?host=$folder"
}

make_cluster() {
    as_server "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 \
        --no-sync >"$folder/initdb.log" 2>&1 || fail "initdb failed: $(cat "$folder/initdb.log")"
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$folder'"
        if [ -n "$kept" ]; then durable; else fast; fi
    } >>"$folder/data/postgresql.conf"
}

durable() {
    cat <<CONF
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track_utility = on
max_connections = 200
shared_buffers = 2GB
max_wal_size = 4GB
CONF
}

fast() {
    cat <<CONF
max_connections = 500
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 8GB
checkpoint_timeout = 1h
CONF
}

stop() {
    folder=${1##*host=}
    [ -d "$folder/data" ] || fail "not a server of mine: $1"
    cd "$folder"
    case $folder in
        */mentorship-postgres-*)
            as_server "$(find_programs)/pg_ctl" --pgdata "$folder/data" --mode immediate --silent --wait stop >/dev/null
            cd /
            rm -rf "$folder"
            ;;
        *) as_server "$(find_programs)/pg_ctl" --pgdata "$folder/data" --mode fast --silent --wait stop >/dev/null ;;
    esac
}

case ${1:-} in
    start) start "${2:-}" ;;
    stop) stop "${2:-${TEST_POSTGRES_URL:?names the server to stop}}" ;;
    *) fail "start [FOLDER], or stop URL" ;;
esac
