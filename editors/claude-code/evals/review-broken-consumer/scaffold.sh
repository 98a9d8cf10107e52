#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
cp "$here/broken-consumer.ts" services/checkout/src/payments-consumer.ts
