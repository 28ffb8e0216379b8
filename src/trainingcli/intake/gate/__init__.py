"""What may come in at all: bounds, packages, first bytes, refusals. Knows no cell."""
