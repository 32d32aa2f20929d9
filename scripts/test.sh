#!/usr/bin/env bash
# Everything that guards a change: formatting, lints, the unit tests of all crates, the committed document, and the suite on
# SQLite and on PostgreSQL. Says at the end what ran and what could not; with CI=true what could not run fails.
# The tests sign in with providers that run in node 20 or newer, one of them by Chromium; both are installed likewise.
# One test moves the clock of the program with libfaketime, others share limits in a Redis, one puts nodes behind HAProxy; they are
# installed likewise.
# TEST_POSTGRES_URL names a server to use; else a throw-away one is started, where PostgreSQL is installed or may be.
set -uo pipefail
# HAProxy is there, which not everybody looks for programs in.
export PATH=$PATH:/usr/sbin
cd "$(dirname "$0")/.."

started=$SECONDS
log=$(mktemp)
report=()
failed=0
own_server=

finish() {
    if [ -n "$own_server" ]; then scripts/postgres.sh stop "$own_server"; fi
    rm -f "$log"
}
trap finish EXIT
trap 'exit 130' INT TERM

# step NAME COMMAND…: runs it, and remembers how it went.
step() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    if "$@" 2>&1 | tee -a "$log"; then
        report+=("passed   $name")
    else
        report+=("FAILED   $name")
        failed=1
    fi
}

skip() {
    report+=("skipped  $1: $2")
    if [ "${CI:-}" = true ]; then failed=1; fi
}

has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

# install PACKAGE: Debian's, where this may.
install() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo --non-interactive true 2>/dev/null || return 1
        as_root=(sudo --non-interactive)
    fi
    printf '\n== installing the package %s\n' "$1"
    "${as_root[@]}" apt-get -qq update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq --yes install "$1" >/dev/null
}

has_faketime() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || [ -e /usr/lib/faketime/libfaketimeMT.so.1 ]; }

has_node() { command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; }

has_mail_server() { for python in python3 /usr/bin/python3; do "$python" -c "import aiosmtpd" 2>/dev/null && return; done; return 1; }

has_chromium() { command -v chromium chromium-browser google-chrome >/dev/null; }

start_postgres() {
    if [ -n "${TEST_POSTGRES_URL:-}" ]; then return; fi
    if ! has_postgres && ! install postgresql; then
        without="initdb is missing; install PostgreSQL or set TEST_POSTGRES_URL"
    elif own_server=$(scripts/postgres.sh start); then
        export TEST_POSTGRES_URL=$own_server
    else
        without="no server could be started"
    fi
}

# The sum of all `test result` lines, in their own form.
total() {
    awk -v result="$1" -v seconds="$((SECONDS - started))" '
        /^test result:/ { for (i = 1; i < NF; i++) { if ($(i + 1) ~ /^passed/) passed += $i; if ($(i + 1) ~ /^failed/) failed += $i; if ($(i + 1) ~ /^ignored/) ignored += $i } }
        END { printf "test result: %s. %d passed; %d failed; %d ignored; 0 measured; 0 filtered out; finished in %d.00s\n", result, passed, failed, ignored, seconds }' "$log"
}

without=
start_postgres
has_faketime || install libfaketime || skip "the real program while the clock jumps" "libfaketime is missing"
command -v redis-server >/dev/null || install redis-server || skip "limits that nodes share" "redis-server is missing"
command -v haproxy >/dev/null || install haproxy || skip "restarting nodes behind a proxy" "haproxy is missing"
if has_node || { install nodejs && install npm && has_node; }; then
    step "sign-in providers of the tests" npm ci --no-fund --no-audit --loglevel error --prefix tests/oidc
else
    skip "signing in with providers" "npm, or node 20 or newer, is missing"
fi
has_mail_server || install python3-aiosmtpd || skip "mail to a real server" "aiosmtpd is missing"
has_chromium || install chromium || skip "signing in by a browser" "Chromium is missing"
step "formatting" cargo fmt --all -- --check
step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
# The crate `openapi` tests that the committed document is that of the code.
step "unit tests of all crates, the document, and the suite on SQLite" env DATABASE=sqlite cargo test --locked --workspace --no-fail-fast
if [ -z "$without" ]; then
    step "the suite on PostgreSQL" env DATABASE=postgres cargo test --locked --workspace --test api --no-fail-fast
else
    skip "the suite, the schema and the entities on PostgreSQL" "$without"
fi

printf '\n'
printf '%s\n' "${report[@]}"
if [ "$failed" -eq 0 ]; then total ok; else total FAILED; fi
exit "$failed"
