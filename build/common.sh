# Shared by the scripts of this folder: where things are, and how they speak. Sourced, not run.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BUILD="$ROOT/build"
DEPS="$BUILD/local/.deps"
SOLUTION="$ROOT/MLNet.Sngp.sln"
CONFIGURATION="${CONFIGURATION:-Release}"

# No build server may outlive a script: it would keep a pipe open and let a CI job hang.
export MSBUILDDISABLENODEREUSE=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_NOLOGO=1

say() { printf '%s\n' "$*"; }

step() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

require_sdk() {
  command -v dotnet > /dev/null ||
    fail "the .NET SDK is not installed, or 'dotnet' is not on the PATH." "Install the .NET 10 SDK and run this again."
  local version
  version="$(cd "$ROOT" && dotnet --version 2> /dev/null)" ||
    fail "no installed .NET SDK satisfies global.json, which asks for the .NET 10 SDK." \
      "Installed: $(dotnet --list-sdks 2> /dev/null | cut -d' ' -f1 | paste -sd' ' -)"
  [[ "$version" == 10.* ]] || fail "the .NET 10 SDK is needed; 'dotnet --version' says $version."
  SDK_VERSION="$version"
}

# Builds one project or the solution; says nothing unless it fails.
build() {
  local log="$ROOT/artifacts/build.log"
  mkdir -p "$ROOT/artifacts"
  dotnet build "$1" -c "$CONFIGURATION" -nologo -v quiet -nodeReuse:false > "$log" 2>&1 < /dev/null ||
    { cat "$log" >&2; fail "building ${1#"$ROOT"/} failed; the messages above say why."; }
}
