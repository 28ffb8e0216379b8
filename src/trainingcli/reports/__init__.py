"""Reports of one run: claim workbooks, the summary workbook, json, ndjson, csv, the terminal's table."""
