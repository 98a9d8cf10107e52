#!/usr/bin/env bash
# Installs everything that the end-to-end tests need. Usage: tests/setup/all.sh [DIR]
set -euo pipefail
here=$(dirname "$0")
for name in neovim mcp-clients markdownlint vscode; do "$here/$name.sh" "$@"; done
