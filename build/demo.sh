#!/usr/bin/env bash
# Set-up, then the two-moons example. Arguments go to the example: bash build/demo.sh --tutorial
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step "Set-up"
bash "$BUILD/setup.sh"

step "Building examples/TwoMoons"
build "$ROOT/examples/TwoMoons/TwoMoons.csproj"

step "Running examples/TwoMoons"
cd "$ROOT"
exec dotnet run --project examples/TwoMoons -c "$CONFIGURATION" --no-build -- "$@"
