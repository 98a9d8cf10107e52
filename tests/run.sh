#!/usr/bin/env bash
# Runs all tests, with real editors and real MCP clients. The first run installs them, which takes some minutes.
# Usage: tests/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."

tests/setup/all.sh
cargo build --package archwright
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace
else
  cargo test --workspace --all-targets
fi
cargo test --workspace --doc
# The type check and the packaging of the VS Code extension are part of tests/e2e/vscode.rs.
