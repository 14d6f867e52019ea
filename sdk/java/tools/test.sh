#!/usr/bin/env bash
# All that keeps the SDK well: its tests, and the package. Arguments go to Maven.
set -euo pipefail
exec mvn -q -B -ntp -f "$(dirname "$0")/../pom.xml" verify "$@"
