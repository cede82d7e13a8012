#!/bin/sh
# Compares the engine in Node with the program, over the examples of all rules: run.sh PATH/TO/absolve
#
# Needs: crates/wasm/build.sh has run; node, npm, python3 (3.11)
set -eu
absolve=$(realpath "${1:?the path of absolve}")
[ -x "$absolve" ] || { echo "$absolve: there is no such program" >&2; exit 2; }
here=$(dirname "$(realpath "$0")")
root=$here/../../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/examples.py" "$root/rules" "$work/examples"
cd "$work"

# As a stranger would have it: packed, and installed in an empty folder.
(cd "$root/target/npm" && npm pack --silent --pack-destination "$work" > "$work/packed")
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --offline --no-audit --no-fund "./$(cat packed)"
cp "$here/same.mjs" "$here/usage.mts" .
(cd examples && "$absolve" check --format json . > ../checked.json) || [ $? = 1 ]
node same.mjs "$absolve"
npx --yes --package typescript@5.9.3 tsc --noEmit --strict --module nodenext --target es2022 usage.mts
echo "its types hold"
