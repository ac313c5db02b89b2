#!/usr/bin/env bash
# Writes the lock files of all projects (exact versions and hashes of every package) for the way that dependencies come from here,
# nuget or local; with --check, restores and fails when they do not fit. See docs/decisions/0011-lock-files.md.
#
#   bash build/lock.sh                            after a version was changed
#   bash build/lock.sh --check                    nothing is written
#   SNGP_DEPENDENCIES=nuget bash build/lock.sh    on a machine whose feed holds the real packages
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case "${1:-}" in
  '') mode=(--force-evaluate -p:SngpWriteLockFiles=true) ;;
  --check) mode=(--locked-mode) ;;
  *) fail "unknown argument '$1'." "Usage: bash build/lock.sh [--check]" ;;
esac

bash "$BUILD/setup.sh"
cd "$ROOT"
for project in MLNet.Sngp.sln test/MLNet.Sngp.StressServer/MLNet.Sngp.StressServer.csproj; do
  dotnet restore "$project" -nologo -v quiet "${mode[@]}" < /dev/null
done
say "$(git ls-files -co --exclude-standard '*.lock.json' | wc -l) lock files."
# A registry's address has no place in a file of the repository.
if git ls-files -co --exclude-standard '*.lock.json' | xargs grep -lE 'https?://' ; then fail "the lock files above hold an address."; fi
