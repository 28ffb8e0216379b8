"""Results for programs: json, ndjson, csv, and the frames and totals behind them."""
