"""Rows of cells → tables: header, blocks, title lines, rows by kind, and the typed columns that come of them."""
