#!/usr/bin/env bash
# Set-up, then measurements. Nothing here is a test: missing a goal is no failure.
#   bash build/bench.sh [ratios|growth|micro|all|check] [options]
# ratios (the default) prints the table beside PyTorch, growth how cost grows, micro the parts under BenchmarkDotNet, all
# of it 'all'; check does every work once, in small. Options go to the program: ratios --repeats 3, micro --filter '*Row*'.
# The Markdown goes to the console and to artifacts/bench; SNGP_PYTHON names a Python that has torch.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PROGRAM="$ROOT/test/MLNet.Sngp.Benchmarks/bin/$CONFIGURATION/net10.0/MLNet.Sngp.Benchmarks.dll"
OUTPUT="$ROOT/artifacts/bench"

python_with_torch() {
  local python
  for python in ${SNGP_PYTHON:+"$SNGP_PYTHON"} python3 /usr/bin/python3; do
    ! "$python" -c 'import torch' 2> /dev/null || { echo "$python"; return; }
  done
}

measure() {
  local name="$1"
  shift
  step "Measuring: $name"
  dotnet "$PROGRAM" "$name" "$@" < /dev/null | tee "$OUTPUT/$name.md"
}

measure_ratios() {
  local python
  python="$(python_with_torch)"
  [[ -n "$python" ]] || say "PyTorch is left out: no Python here has torch (Debian: apt-get install python3-torch)."
  measure ratios ${python:+--python "$python"} "$@"
}

mode="${1:-ratios}"
[[ "$#" == 0 ]] || shift
case "$mode" in
  ratios | growth | micro | all | check) ;;
  *) fail "unknown argument '$mode'." "Usage: bash build/bench.sh [ratios|growth|micro|all|check] [options]" ;;
esac

step "Set-up"
bash "$BUILD/setup.sh"

step "Building test/MLNet.Sngp.Benchmarks"
build "$ROOT/test/MLNet.Sngp.Benchmarks/MLNet.Sngp.Benchmarks.csproj"
mkdir -p "$OUTPUT"
cd "$ROOT"

case "$mode" in
  ratios) measure_ratios "$@" ;;
  all)
    measure_ratios
    measure growth
    measure micro
    ;;
  *) measure "$mode" "$@" ;;
esac
