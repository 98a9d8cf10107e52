#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
replace docs/features/order-checkout/schemas/orders.placed.v1.json total_minor amount_minor
