#!/bin/sh
# Puts the app together, ready to upload: package.sh [FOLDER]. Without a folder: target/zendesk.zip
#
# Needs: crates/wasm/build.sh has run
set -eu
here=$(dirname "$(realpath "$0")")
root=$here/../..
engine=$root/target/npm
[ -f "$engine/absolve.wasm" ] || { echo "the engine is missing; run crates/wasm/build.sh first" >&2; exit 2; }
out=${1:-$root/target/zendesk}
rm -rf "$out"
mkdir -p "$out"
cp -R "$here/app/." "$out"
mkdir "$out/assets/absolve"
cp "$engine/index.js" "$engine/engine.js" "$engine/absolve.wasm" "$out/assets/absolve"
if [ $# = 0 ]; then
    rm -f "$out.zip"
    (cd "$out" && python3 -m zipfile -c "$out.zip" manifest.json assets translations)
    echo "$out.zip"
fi
