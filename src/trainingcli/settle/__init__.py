"""From the roster to settled claim lines (核定): rows, lines, programmes, limits, reasons; no file, no clock."""
