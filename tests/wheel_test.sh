#!/bin/sh
# Build the wheel, install it into an environment of its own, and use it outside the checkout: schemas, policy and sample
# data must have travelled with it. Then as a clerk's PC has it: `pipx install` and `uv tool install` of the same file,
# where the two can be installed.
set -eu
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
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
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/trainingcli" demo tour --format json >/dev/null
test -f "tour/claims-out/汇总-批次1.xlsx"
echo "the tour runs from the wheel"

wheel=$(ls "$work"/dist/*.whl)
"$python" -m venv "$work/tools"
for tool in pipx uv; do
  if ! "$work/tools/bin/python" -m pip install --quiet "$tool" 2>/dev/null; then
    echo "$tool cannot be installed here (no network?): NOT TESTED"
    continue
  fi
  bin="$work/$tool-bin"
  if [ "$tool" = pipx ]; then
    PIPX_HOME="$work/pipx" PIPX_BIN_DIR="$bin" "$work/tools/bin/pipx" install --quiet --python "$python" "$wheel"
  else
    UV_TOOL_DIR="$work/uv" UV_TOOL_BIN_DIR="$bin" "$work/tools/bin/uv" tool install --quiet --python "$python" "$wheel"
  fi
  env -i PATH=/usr/bin:/bin HOME="$work" "$bin/trainingcli" doctor --format json >"$tool.json"
  env -i PATH=/usr/bin:/bin HOME="$work" "$bin/trainingcli" demo "$tool-tour" --format json >/dev/null
  echo "$tool installs the wheel; doctor and the tour are well"
done
