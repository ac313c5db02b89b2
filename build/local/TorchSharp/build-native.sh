#!/usr/bin/env bash
# Compiles native/*.cpp into OUTPUT_DIR/libSngpTorch.so against the libtorch of the system.
# Usage: build-native.sh OUTPUT_DIR
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [ $# -ne 1 ]; then echo "usage: build-native.sh OUTPUT_DIR" >&2; exit 2; fi
mkdir -p "$1"
out="$(cd "$1" && pwd)"
library="$out/libSngpTorch.so"

command -v g++ >/dev/null || { echo "build-native.sh: g++ is missing (apt-get install g++)" >&2; exit 1; }
include=/usr/include/torch/csrc/api/include
[ -f "$include/torch/torch.h" ] || { echo "build-native.sh: libtorch is missing (apt-get install libtorch-dev libopenblas0-openmp)" >&2; exit 1; }

stamp="$(cat "$here"/native/*.h "$here"/native/*.cpp "$here/build-native.sh" | sha256sum | cut -d' ' -f1)"
if [ -f "$library" ] && [ "$(cat "$out/libSngpTorch.stamp" 2>/dev/null || true)" = "$stamp" ]; then
  echo "libSngpTorch.so is up to date"
  exit 0
fi

flags=(-O2 -std=c++17 -fPIC -fvisibility=hidden -Wall -Wno-unused-function -I"$include")
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
echo "compiling $(ls "$here"/native/*.cpp | wc -l) files against libtorch"
pids=()
for source in "$here"/native/*.cpp; do
  g++ "${flags[@]}" -c "$source" -o "$work/$(basename "$source" .cpp).o" & pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
g++ -shared -o "$work/libSngpTorch.so" "$work"/*.o -ltorch -ltorch_cpu -lc10
mv "$work/libSngpTorch.so" "$library"
echo "$stamp" > "$out/libSngpTorch.stamp"
echo "made libSngpTorch.so"
