"""Whether everything that the program works with is in order: a line each, `ok`, `warn` or `fail`."""
