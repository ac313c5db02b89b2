#!/usr/bin/env bash
# Set-up, then all tests. Arguments go to 'dotnet test': bash build/test.sh --filter Spectral
# The results also lie in artifacts/test-results, as one .trx file for each test project.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

RESULTS="$ROOT/artifacts/test-results"

step "Set-up"
bash "$BUILD/setup.sh"

step "Building"
build "$SOLUTION"

step "Testing"
rm -rf "$RESULTS"
cd "$ROOT"
exec dotnet test "$SOLUTION" -c "$CONFIGURATION" --no-build -nologo -nodeReuse:false \
  --results-directory "$RESULTS" --logger "trx;LogFilePrefix=tests" "$@"
