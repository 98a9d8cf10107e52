#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace empty
echo '<button>Buy</button>' >index.html
