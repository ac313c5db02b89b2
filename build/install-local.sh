# Installs what local mode needs and is missing: libtorch (apt), ONNX Runtime (npm), the native part of the TorchSharp
# stand-in (compiled here). Sourced by setup.sh.

APT_PACKAGES=(libtorch-dev libopenblas0-openmp)
ONNXRUNTIME_PACKAGE=com.github.asus4.onnxruntime
ONNXRUNTIME_VERSION=0.4.9
ONNXRUNTIME_SHA256=e59788788818fdde1b2e522e766a21ba0f7d8391de55737abf81e32cc801785d

install_local() {
  require_platform
  install_libtorch
  install_onnxruntime
  build_native_torch
}

require_platform() {
  local system
  system="$(uname -s) $(uname -m)"
  [[ "$system" == "Linux x86_64" ]] ||
    fail "local mode works on Linux x86_64 only; this is $system." \
      "Use a package feed that holds the real packages, and SNGP_DEPENDENCIES=nuget."
  command -v apt-get > /dev/null && command -v dpkg-query > /dev/null ||
    fail "local mode installs libtorch with apt-get, which is not here; Debian 12 is what it is made for."
}

is_installed() { [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null)" == installed ]]; }

install_libtorch() {
  local missing=() package
  for package in "${APT_PACKAGES[@]}"; do is_installed "$package" || missing+=("$package"); done
  command -v g++ > /dev/null || missing+=(g++)
  [[ "${#missing[@]}" == 0 ]] || install_with_apt "${missing[@]}"
  command -v g++ > /dev/null || fail "there is no C++ compiler: 'g++' is not on the PATH."
  local blas
  blas="$(readlink -f /usr/lib/x86_64-linux-gnu/libblas.so.3 || true)"
  [[ "$blas" == *openblas* ]] ||
    say "warning: libblas.so.3 is '$blas', not OpenBLAS: training will be slow (update-alternatives can change it)."
}

install_with_apt() {
  local as_root=()
  if [[ "$(id -u)" != 0 ]]; then
    command -v sudo > /dev/null && sudo -n true 2> /dev/null ||
      fail "root is needed to install: $*" "Run as root: apt-get install $*" "then run this again."
    as_root=(sudo -n)
  fi
  say "Installing with apt-get: $* ..."
  local log="$DEPS/apt.log"
  mkdir -p "$DEPS"
  # Package lists may be absent or old: try with those at hand, then with new ones.
  if ! apt_get install -y --no-install-recommends "$@" > "$log" 2>&1; then
    apt_get update >> "$log" 2>&1 || { tail -n 20 "$log" >&2; fail "'apt-get update' failed (no network?)."; }
    apt_get install -y --no-install-recommends "$@" >> "$log" 2>&1 || { tail -n 20 "$log" >&2; fail "'apt-get install $*' failed."; }
  fi
}

apt_get() {
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@" < /dev/null
}

install_onnxruntime() {
  local target="$DEPS/onnxruntime" fresh="$DEPS/onnxruntime.new" archive
  [[ "$(cat "$target/.version" 2> /dev/null)" == "$ONNXRUNTIME_VERSION" ]] && return
  command -v npm > /dev/null || fail "'npm' is not on the PATH; ONNX Runtime is fetched with it." "On Debian: apt-get install npm"
  say "Fetching ONNX Runtime ($ONNXRUNTIME_PACKAGE $ONNXRUNTIME_VERSION) with npm ..."
  rm -rf "$fresh"
  mkdir -p "$fresh"
  (cd "$fresh" && timeout 600 npm pack --loglevel=error --no-progress --ignore-scripts "$ONNXRUNTIME_PACKAGE@$ONNXRUNTIME_VERSION" > npm.log 2>&1 < /dev/null) ||
    { cat "$fresh/npm.log" >&2; fail "npm could not fetch $ONNXRUNTIME_PACKAGE $ONNXRUNTIME_VERSION (no network?)."; }
  archive="$fresh/$ONNXRUNTIME_PACKAGE-$ONNXRUNTIME_VERSION.tgz"
  echo "$ONNXRUNTIME_SHA256  $archive" | sha256sum --check --status ||
    fail "$ONNXRUNTIME_PACKAGE $ONNXRUNTIME_VERSION is not the archive that this script knows: its checksum differs."
  tar -xzf "$archive" -C "$fresh" --strip-components=1 --no-same-owner \
    package/Runtime package/Plugins/Linux/x64 package/LICENSE package/ThirdPartyNotices.txt
  rm -f "$archive" "$fresh/npm.log"
  echo "$ONNXRUNTIME_VERSION" > "$fresh/.version"
  rm -rf "$target"
  mv "$fresh" "$target"
}

# Compiles only when its sources are newer than what they made.
build_native_torch() {
  bash "$BUILD/local/TorchSharp/build-native.sh" "$DEPS/libtorch-shim" || fail "compiling the native part of the TorchSharp stand-in failed."
}
