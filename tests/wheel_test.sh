#!/bin/sh
# Build the wheel, install it into an environment of its own, and use it outside the checkout: schemas and policy must
# have travelled with it.
set -eu
python=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip wheel --quiet --no-deps --wheel-dir "$work/dist" "$root"
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet "$work"/dist/*.whl
cp -r "$root/sample_data" "$work/sample_data"
cd "$work"
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/trainingcli" claims sample_data/rosters \
  --registers sample_data/registers --today 2021-12-31 --out out --format json >result.json
"$work/venv/bin/python" - <<'PY'
import json
totals = json.load(open("result.json"))["totals"]
assert sum(float(total["approved"]) for total in totals) > 0, totals
print("the wheel works outside the checkout:", len(totals), "programmes settled")
PY
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/trainingcli" explain ANNUAL_LIMIT >/dev/null
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/trainingcli" policy --on 2020-07-01 >/dev/null
