#!/usr/bin/env bash
# Chooses where the dependencies come from (nuget or local), installs what local needs, and records the choice.
# After it, plain 'dotnet build', 'dotnet run' and 'dotnet test' work. Quick when nothing is left to do.
#
#   bash build/setup.sh            the recorded choice, or a probe of the feed when there is none
#   bash build/setup.sh --probe    asks the feed again
#   SNGP_DEPENDENCIES=nuget|local  chooses without a probe
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$BUILD/probe.sh"
source "$BUILD/install-local.sh"

CHOICE_FILE="$BUILD/Dependencies.local.props"
RECORD="$DEPS/setup.record"

# What a recorded choice depends on: when any of it changes, the feed is asked again.
fingerprint() {
  {
    echo "$SDK_VERSION"
    cat "$BUILD/Dependencies.props" "$BUILD/probe.sh" "$ROOT/NuGet.config"
    cat "${HOME:-/}/.nuget/NuGet/NuGet.Config" 2> /dev/null || true
  } | sha256sum | cut -d' ' -f1
}

read_record() { sed -n "s/^$1=//p" "$RECORD" 2> /dev/null || true; }

choose() {
  local recorded
  recorded="$(read_record choice)"
  if [[ -n "${SNGP_DEPENDENCIES:-}" ]]; then
    [[ "$SNGP_DEPENDENCIES" == nuget || "$SNGP_DEPENDENCIES" == local ]] ||
      fail "SNGP_DEPENDENCIES is '$SNGP_DEPENDENCIES'; it must be 'nuget' or 'local'."
    CHOICE="$SNGP_DEPENDENCIES"
    REASON="SNGP_DEPENDENCIES says so"
  elif [[ -n "$recorded" && -f "$CHOICE_FILE" && "$PROBE_AGAIN" == no && "$(read_record fingerprint)" == "$FINGERPRINT" ]]; then
    CHOICE="$recorded"
    REASON="$(read_record reason)"
    RECORDED=yes
  else
    probe_feed
  fi
}

write_choice() {
  mkdir -p "$DEPS"
  printf 'choice=%s\nreason=%s\nfingerprint=%s\n' "$CHOICE" "$REASON" "$FINGERPRINT" > "$RECORD"
  local text
  text="<Project>
  <!-- Written by build/setup.sh. -->
  <PropertyGroup>
    <SngpDependencies Condition=\"'\$(SngpDependencies)' == ''\">$CHOICE</SngpDependencies>
  </PropertyGroup>
</Project>"
  # An unchanged file keeps its time, so that nothing is built again for it.
  [[ -f "$CHOICE_FILE" && "$(cat "$CHOICE_FILE")" == "$text" ]] || printf '%s\n' "$text" > "$CHOICE_FILE"
}

PROBE_AGAIN=no
RECORDED=no
case "${1:-}" in
  '') ;;
  --probe) PROBE_AGAIN=yes ;;
  *) fail "unknown argument '$1'." "Usage: bash build/setup.sh [--probe]" ;;
esac

require_sdk
FINGERPRINT="$(fingerprint)"
choose
if [[ "$RECORDED" == yes ]]; then
  say "Dependencies: $CHOICE ($REASON; recorded, 'bash build/setup.sh --probe' asks again)."
else
  say "Dependencies: $CHOICE ($REASON)."
fi
[[ "$CHOICE" == nuget ]] || install_local
write_choice
