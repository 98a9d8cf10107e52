#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
