#!/usr/bin/env bash
# Measures Archwright and its peers on generated workspaces and prints tables; the numbers also go to target/bench/results.json.
# Usage: tests/bench/run.sh [--sizes 1000,10000] [--runs 10] [--edits 200]
#        tests/bench/run.sh --only archwright --beside PROGRAM    another build of Archwright, run by run
#        tests/bench/run.sh growth [--only WORD ...] [--edits]    how the cost grows with everything that may be large
#        tests/bench/run.sh mcp [--rounds 5] [--concurrent 500]   what a client of the MCP server waits for
# MARKDOWN_OXIDE names a markdown-oxide program; ARCHWRIGHT_TOOLS the folder with the peers that install-peers.sh installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-target}
cargo build --release --package archwright
if [ "${1:-}" = growth ]; then
    exec python3 tests/bench/growth.py "$target/release/archwright" "${@:2}"
fi
cargo build --release --package archwright-e2e --bin generate-workspace
if [ "${1:-}" = mcp ]; then
    workspace=$target/bench/mcp
    rm -rf "$workspace" "$workspace.expected.json"
    mkdir -p "$target/bench"
    "$target/release/generate-workspace" "$workspace" --files 10000
    git -C "$workspace" init -q -b main
    git -C "$workspace" add -A
    git -C "$workspace" -c user.name=Bench -c user.email=bench@example.org commit -q -m Start
    exec python3 tests/bench/mcp.py "$target/release/archwright" "$workspace" "${@:2}"
fi
exec python3 tests/bench/measure.py --programs "$target/release" --tools "${ARCHWRIGHT_TOOLS:-.tools}" --out "$target/bench" "$@"
