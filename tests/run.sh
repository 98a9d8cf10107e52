#!/usr/bin/env bash
# Runs all tests, with real editors and real MCP clients. The first run installs them while the tests are compiled, which takes some minutes.
# Usage: tests/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."

tests/setup/all.sh &
setup=$!
trap 'kill "$setup" 2>/dev/null || true' EXIT

cargo build --package archwright
if cargo nextest --version >/dev/null 2>&1; then
  runner=(nextest run --workspace)
else
  runner=(test --workspace --all-targets)
fi
cargo "${runner[@]}" --no-run
wait "$setup"
cargo "${runner[@]}"
cargo test --workspace --doc
# The type check and the packaging of the VS Code extension are part of tests/e2e/vscode.rs.
