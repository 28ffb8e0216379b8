#!/bin/sh
# Run a command beside busy loops, which stop with it: sh tests/bench/busy.sh 6 make test
set -u
count=$1
shift
loops=""
trap 'kill $loops 2>/dev/null' EXIT
trap 'exit 130' INT TERM
while [ "$count" -gt 0 ]; do
  sh -c 'while :; do :; done' &
  loops="$loops $!"
  count=$((count - 1))
done
"$@"
