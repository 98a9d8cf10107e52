#!/usr/bin/env bash
# Measures Archwright and its peers on generated workspaces and prints tables; the numbers also go to target/bench/results.json.
# Usage: tests/bench/run.sh [--sizes 1000,10000] [--runs 10] [--edits 200]
# MARKDOWN_OXIDE names a markdown-oxide program; ARCHWRIGHT_TOOLS the folder with the peers that install-peers.sh installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --release --package archwright
cargo build --release --package archwright-e2e --bin generate-workspace
target=${CARGO_TARGET_DIR:-target}
exec python3 tests/bench/measure.py --programs "$target/release" --tools "${ARCHWRIGHT_TOOLS:-.tools}" --out "$target/bench" "$@"
