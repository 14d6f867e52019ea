#!/bin/sh
# Writes gen/ from proto/. --check writes nothing and fails when they differ.
#
# Needs Go and, for buf, `npm ci` in the repository's tools folder.
set -eu
cd "$(dirname "$0")/.."
root=$(cd ../.. && pwd)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

"$root/tools/node_modules/.bin/buf" generate "$root/proto" --path "$root/proto/pawl/v1" \
  --template tools/buf.gen.yaml --output "$fresh"

if [ "${1-}" = --check ]; then
  diff -r "$fresh/gen" gen || { echo "sdk/go/gen differs from what proto/ generates; run sdk/go/tools/generate.sh" >&2; exit 1; }
else
  rm -rf gen
  cp -R "$fresh/gen" gen
fi
