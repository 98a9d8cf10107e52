"""Payment service of the shop."""
