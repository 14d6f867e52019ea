#!/usr/bin/env bash
# All that keeps the SDK well: format, lint, types, generated code, tests. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/venv.sh
bin=$(sdk_venv)
code=(. ../../test/parity/drivers/python ../../examples/polyglot/python)

"$bin/ruff" format --quiet --check --config pyproject.toml "${code[@]}"
"$bin/ruff" check --quiet --config pyproject.toml "${code[@]}"
"$bin/mypy"
tools/generate.sh --check
"$bin/pytest" "$@"
