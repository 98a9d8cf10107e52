#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
replace docs/features/order-checkout/contracts/orders.placed.v1.md '`order_id`' '`customer_id`'
replace docs/features/order-checkout/contracts/orders.placed.v1.md BACKWARD NONE
