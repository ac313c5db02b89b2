#!/usr/bin/env bash
# Set-up, then what takes too long for the test suite: fuzzing, threads, long life, serving. Within 10 minutes on 2 cores.
#
#   bash build/stress.sh               every scenario
#   bash build/stress.sh fits serve    those
#   SNGP_STRESS_SCALE=0.01             a hundredth of the rounds, for a quick look; 10 for a long night
#
# What a scenario wrote lies in artifacts/stress, as do files that broke something.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PROJECT="$ROOT/test/MLNet.Sngp.Stress"
PROGRAM="$PROJECT/bin/$CONFIGURATION/net10.0/MLNet.Sngp.Stress.dll"
export SNGP_STRESS_FOLDER="$ROOT/artifacts/stress"
export SNGP_STRESS_SERVER="$ROOT/test/MLNet.Sngp.StressServer/bin/$CONFIGURATION/net10.0/MLNet.Sngp.StressServer.dll"

require_sdk
step "Set-up"
bash "$BUILD/setup.sh"

step "Building test/MLNet.Sngp.Stress"
build "$PROJECT/MLNet.Sngp.Stress.csproj"
build "$ROOT/test/MLNet.Sngp.StressServer/MLNet.Sngp.StressServer.csproj"

# The server scenario loads its endpoint with wrk; without it, with a small program of ours.
if ! command -v wrk > /dev/null && command -v apt-get > /dev/null && [[ "$(id -u)" == 0 ]]; then
  DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -q --no-install-recommends wrk > /dev/null 2>&1 < /dev/null ||
    say "wrk could not be installed; a program of ours takes its place."
fi

if [[ $# == 0 ]]; then
  mapfile -t names < <(dotnet "$PROGRAM")
else
  names=("$@")
fi
mkdir -p "$SNGP_STRESS_FOLDER"
say "$(uname -srm), $(nproc) cores, .NET SDK $SDK_VERSION"

table=""
failed=0
started="$SECONDS"
for name in "${names[@]}"; do
  step "$name"
  status=0
  from="$SECONDS"
  dotnet "$PROGRAM" "$name" < /dev/null 2>&1 | tee "$SNGP_STRESS_FOLDER/$name.log" || status=$?
  result=ok
  [[ "$status" == 0 ]] || { result="FAILED (exit status $status)"; failed=$((failed + 1)); }
  table+="$(printf '%-12s %5d s  %s' "$name" "$((SECONDS - from))" "$result")"$'\n'
done

step "Summary"
printf '%s' "$table"
printf '%-12s %5d s\n' "in all" "$((SECONDS - started))"
[[ "$failed" == 0 ]] || fail "$failed of ${#names[@]} scenarios failed."
