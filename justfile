# `just` lists the recipes; each is one plain command, so nothing here is needed to work on the project.

default:
    @just --list

# the seeded API on embedded SQLite
run:
    cargo run

# everything CI checks, on both databases
test:
    scripts/test.sh

# the quick round while editing
check:
    cargo fmt --all && cargo clippy --workspace --all-targets -- -D warnings && cargo test -p tests

# rewrite the committed OpenAPI document
document:
    cargo run -p openapi

# plant each fault of tests/faults.toml and see it caught
faults:
    scripts/faults.py

# the advisories, which are fetched, and again what the tests hold of deny.toml (needs cargo-deny)
deny:
    cargo deny check

# matching beside its peers: writes docs/benchmarks/matching.md and its plot
benchmark-matching *options:
    scripts/benchmark-matching.sh {{options}}
