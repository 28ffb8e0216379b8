"""One reader a file format: bytes → rows of cells, with merges and what the parser does not show."""
