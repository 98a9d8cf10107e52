#!/usr/bin/env bash
# Installs the official MCP clients, the validators of plugins and skills, and the SARIF schema into DIR/mcp-clients.
# Usage: tests/setup/mcp-clients.sh [DIR]
source "$(dirname "$0")/common.sh"

npm_packages=(
  @modelcontextprotocol/client@2.4.0
  @modelcontextprotocol/inspector@2.12.0
  @modelcontextprotocol/conformance@0.2.0-alpha.12
  @anthropic-ai/claude-code@2.1.329
  @anthropic-ai/mcpb@2.1.2
  @openai/codex@0.171.0
)
python_packages=(mcp==2.3.0 skills-ref==0.1.1)
# Of this package only the SARIF 2.1.0 schema is wanted.
sarif_schema=@microsoft/jest-sarif@1.0.0-beta.0

install_clients() {
  npm install --silent --prefix "$PWD" "${npm_packages[@]}" >&2
  python3 -m venv venv
  venv/bin/pip --quiet --disable-pip-version-check install "${python_packages[@]}" >&2
  local archive
  # That of an older installation would stand in the way.
  rm -f sarif-2.1.0*.json
  archive=$(npm pack --silent "$sarif_schema")
  tar -xzf "$archive" --strip-components 3 --wildcards '*/lib/schemas/sarif-2.1.0*.json'
  mv sarif-2.1.0*.json sarif-2.1.0.json
  rm "$archive"
}

use_node
install_once mcp-clients "node $node_version, ${npm_packages[*]} ${python_packages[*]} $sarif_schema" install_clients
