#!/usr/bin/env bash
# Makes src/pawl/v1 anew from proto/. With --check it changes nothing, and fails when a file is stale.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/venv.sh
bin=$(venv sdk-python-generate tools/requirements.txt)
proto=../../proto
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

PATH=$bin:$PATH python -m grpc_tools.protoc -I "$proto" \
  --python_out="$out" --grpc_python_out="$out" --mypy_out=quiet:"$out" --mypy_grpc_out=quiet:"$out" \
  $(cd "$proto" && ls pawl/v1/*.proto)
rm "$out"/pawl/v1/common_pb2_grpc.* # has no service

if [ "${1-}" = --check ]; then
  diff --recursive --brief --exclude=__init__.py --exclude=__pycache__ "$out/pawl/v1" src/pawl/v1 ||
    { echo "sdk/python/src/pawl/v1 is stale: run sdk/python/tools/generate.sh" >&2; exit 1; }
else
  rm -f src/pawl/v1/*_pb2*
  cp "$out"/pawl/v1/* src/pawl/v1/
fi
