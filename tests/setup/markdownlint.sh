#!/usr/bin/env bash
# Installs markdownlint-cli2, which judges the documents that operations write, into DIR/markdownlint.
# Usage: tests/setup/markdownlint.sh [DIR]
source "$(dirname "$0")/common.sh"

package=markdownlint-cli2@0.22.1

install_markdownlint() {
  npm install --silent --prefix "$PWD" "$package" >&2
}

use_node
install_once markdownlint "node $node_version $package" install_markdownlint
