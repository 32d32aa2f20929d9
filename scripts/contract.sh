#!/usr/bin/env bash
# Holds the running API against its document from outside: Redocly CLI lints the document, schemathesis calls every operation
# as each role of the seeded data with valid and invalid input. EXAMPLES (default 30) cases for each operation and phase;
# on SQLite, or with DATABASE=postgres on a throw-away PostgreSQL.
#   scripts/contract.sh [schemathesis arguments…]
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/tools
work=$(mktemp -d)
port=${PORT:-18099}
trap 'stop; rm -rf "$work"' EXIT
server= cluster=

[ -x "$tools/schemathesis/bin/schemathesis" ] || {
    python3 -m venv "$tools/schemathesis"
    "$tools/schemathesis/bin/pip" install --quiet 'schemathesis==4.32.*'
}
[ -x "$tools/redocly/node_modules/.bin/redocly" ] || npm install --silent --no-fund --no-audit --prefix "$tools/redocly" '@redocly/cli@2'
REDOCLY_TELEMETRY=off "$tools/redocly/node_modules/.bin/redocly" lint --extends recommended openapi/openapi.json

cargo build --quiet
base=http://127.0.0.1:$port

start() {
    rm -f "$work"/*.db*
    local database=sqlite://$work/contract.db
    if [ "${DATABASE:-sqlite}" = postgres ]; then
        cluster=$(scripts/postgres.sh start)
        database=$cluster
    fi
    # One address and one member send what thousands would.
    MENTORSHIP_RATE_LIMIT=10000000 MENTORSHIP_ATTEMPT_LIMIT=10000000 DATABASE_URL=$database PORT=$port RUST_LOG=warn,actix_http=off target/debug/mentorship >"$work/log" 2>&1 &
    server=$!
    until curl -sf "$base/health/ready" >/dev/null; do
        kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
        sleep 0.1
    done
}

stop() {
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    [ -z "$cluster" ] || scripts/postgres.sh stop "$cluster"
    server= cluster=
}

token() {
    curl -sf "$base/api/v1/auth/sign-in" -H 'Content-Type: application/json' \
        -d "{\"email\":\"$1\",\"password\":\"mentorship-demo\"}" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'
}

# These would end the session that the rest of the run needs.
ending=()
for operation in sign_out end_session end_all_sessions reauthenticate erase_me; do ending+=(--exclude-operation-id "$operation"); done
for member in nobody mentee@example.org mentor@example.org admin@example.org owner@example.org; do
    echo "== schemathesis as $member"
    start
    header=()
    [ "$member" = nobody ] || header=(--header "Authorization: Bearer $(token "$member")")
    "$tools/schemathesis/bin/schemathesis" run "$base/api/v1/openapi.json" "${header[@]}" \
        "${ending[@]}" --max-examples "${EXAMPLES:-30}" --generation-database none --no-color \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
        --request-timeout 10 "$@"
    if grep -q ERROR "$work/log"; then grep ERROR "$work/log" | head; exit 1; fi
    stop
done
echo "the API and its document agree"
