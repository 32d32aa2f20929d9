#!/usr/bin/env bash
# Matching beside its peers, on the same instances in one run: writes docs/benchmarks/matching.md and its plot.
#   scripts/benchmark-matching.sh [--quick] [--folder FOLDER] [--repeat 5] [--cap 60]
# The peers come from PyPI into an environment of their own. With --folder that and the results are kept there; else all is removed.
# --quick takes small instances and writes nothing into docs. It needs a Rust toolchain and Python 3.11 or newer with venv; for
# the row of SQL PostgreSQL, which scripts/postgres.sh starts.
set -euo pipefail
cd "$(dirname "$0")/.."

options=()
folder=
while [ $# -gt 0 ]; do
    case $1 in
        --folder) folder=$2; shift ;;
        *) options+=("$1") ;;
    esac
    shift
done
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"

peers=matching/benches/peers
if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv" || { echo "Python's venv is missing; Debian has it in the package python3-venv" >&2; exit 1; }
fi
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install --requirement $peers/requirements.txt

# A copy, since another build may overwrite it in the middle.
built=$(cargo bench --quiet --package matching --bench peers --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
cp "$built" "$folder/ours"
PYTHONDONTWRITEBYTECODE=1 "$folder/venv/bin/python" $peers/run.py "$folder/ours" "$folder" "${options[@]}"
