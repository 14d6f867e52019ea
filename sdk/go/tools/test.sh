#!/bin/sh
# Everything about this SDK: formatting, vet, staticcheck, and its tests, end to end ones too (after npm ci in the root).
set -eu
cd "$(dirname "$0")/.."
users="../../test/parity/drivers/go ../../examples/polyglot/go"

unformatted=$(gofmt -l . $users)
[ -z "$unformatted" ] || { echo "not as gofmt has it: $unformatted" >&2; exit 1; }
go vet ./...
go tool -modfile=tools/go.mod staticcheck ./...
for user in $users; do (cd "$user" && go vet ./...); done
go test -race ./...
