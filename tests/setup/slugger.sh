#!/usr/bin/env bash
# Installs the package that makes GitHub's anchors, which the corpora compare ours with, into DIR/slugger, and prints
# where it is. Usage: tests/setup/slugger.sh [DIR]
source "$(dirname "$0")/common.sh"

package=github-slugger@2.0.0

install_slugger() {
  npm install --silent --prefix "$PWD" "$package" >&2
}

use_node
install_once slugger "$package" install_slugger
echo "$tools/slugger/node_modules/github-slugger"
