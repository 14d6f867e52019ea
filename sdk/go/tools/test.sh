#!/bin/sh
# Everything about this SDK: formatting, vet, staticcheck, and its tests, end to end ones too (after npm ci in the root).
set -eu
cd "$(dirname "$0")/.."
driver=../../test/parity/drivers/go

unformatted=$(gofmt -l . "$driver")
[ -z "$unformatted" ] || { echo "not as gofmt has it: $unformatted" >&2; exit 1; }
go vet ./...
go tool -modfile=tools/go.mod staticcheck ./...
(cd "$driver" && go vet ./...)
go test -race ./...
