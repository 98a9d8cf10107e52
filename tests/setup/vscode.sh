#!/usr/bin/env bash
# Installs a real VS Code (its server build), a browser to run it in, and Playwright into DIR/vscode. Usage: tests/setup/vscode.sh [DIR]
# The first run compiles native modules, which takes minutes, and needs root (or the packages it names) for the system libraries.
source "$(dirname "$0")/common.sh"

code_server=4.139.1
playwright=1.65.1

install_vscode() {
  apt_install g++ make python3 pkg-config libkrb5-dev libx11-dev libxkbfile-dev libsecret-1-dev chromium fonts-dejavu-core
  # npm blocks installation scripts, but code-server compiles its native modules in one.
  npm install --global --silent --prefix "$PWD" "code-server@$code_server" --dangerously-allow-all-scripts --unsafe-perm >&2
  npm install --silent --prefix "$PWD" "playwright-core@$playwright" >&2
  [ -f "lib/node_modules/code-server/lib/vscode/out/server-main.js" ] || fail "code-server has no server-main.js"
}

use_node
install_once vscode "node $node_version, code-server $code_server, playwright-core $playwright" install_vscode

# The extension's own packages, at the versions of its lock file.
extension=$repo/editors/vscode
if ! cmp -s "$extension/package-lock.json" "$extension/node_modules/.installed-lock"; then
  say "installing the packages of the extension"
  (cd "$extension" && npm ci --silent >&2 && cp package-lock.json node_modules/.installed-lock)
fi
