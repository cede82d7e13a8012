#!/bin/sh
# Drives the app in a real Chromium, with the SDK from npm and a mock of Zendesk: run.sh
#
# Needs: crates/wasm/build.sh has run; apt-get install --no-install-recommends chromium; node and npm
set -eu
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../package.sh" "$work/app" > /dev/null
cp "$here/package.json" "$here/package-lock.json" "$here/host.html" "$here/drive.mjs" "$work"
(cd "$work" && npm ci --silent --ignore-scripts)
node "$work/drive.mjs" "$work"
