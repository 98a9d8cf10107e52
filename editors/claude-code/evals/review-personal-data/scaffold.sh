#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
replace docs/features/order-checkout/schemas/orders.placed.v1.json '"description": "Number of the shopper.", "x-pii": true' '"description": "Number of the shopper."'
replace docs/features/order-checkout/schemas/orders.placed.v1.json '"placed_at": {' '"customer_email": { "type": "string", "format": "email", "description": "Address of the shopper." },\n    "placed_at": {'
