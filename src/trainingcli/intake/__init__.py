"""Any spreadsheet → the roster: opened behind a gate, read in a worker, headings mapped, cells converted."""
