#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace shop
replace docs/features/order-checkout/architecture-rfc.md "felt responsible for an order" "felt in charge of an order"
replace docs/system/glossary.md "# Glossary" "<!-- One term a row. -->\n\n# Glossary"
replace services/checkout/package.json 1.4.0 1.5.0
