#!/usr/bin/env bash
# Installs the peers that the benches compare with, in pinned versions, into ${ARCHWRIGHT_TOOLS:-.tools}/peers and nowhere else.
# Usage: tests/bench/install-peers.sh [markdown-oxide checkout]
set -euo pipefail
cd "$(dirname "$0")/../.."

peers=${ARCHWRIGHT_TOOLS:-.tools}/peers
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)
export CARGO_TARGET_DIR=$peers/build

for crate in iwe iwes; do
  cargo install "$crate" --version 0.29.3 --locked --root "$peers"
done
# markdown-oxide is not on crates.io under its own version; it is built from a checkout.
[ $# = 0 ] || cargo install --path "$1" --root "$peers"
rm -rf "$CARGO_TARGET_DIR"
