#!/bin/sh
# Builds the npm package into target/npm: build.sh
#
# Needs rustup's target wasm32-unknown-unknown, or Debian's cargo-web and rust-web-src with lld;
# wasm-bindgen-cli of the version in Cargo.lock; node and npm.
set -eu
cd "$(dirname "$0")/../.."
target=wasm32-unknown-unknown
out=target/npm
version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)

build() { "$@" --locked --package absolve-wasm --profile wasm --target $target --target-dir target/wasm; }
if [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    build cargo build
else
    # Debian's compiler has no standard library for this target, but its source: it is built along.
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
    build /usr/bin/cargo -Zbuild-std=std,panic_abort build
fi

bindgen=${WASM_BINDGEN:-wasm-bindgen}
case $("$bindgen" --version) in
    "wasm-bindgen $version") ;;
    *) echo "wasm-bindgen $version is needed: cargo install wasm-bindgen-cli --version $version" >&2; exit 2 ;;
esac
# What every browser of the last years and Node 20 can do; more, and some would refuse it.
features="--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue"
rm -rf $out
"$bindgen" --target web --no-typescript --out-name engine --out-dir $out target/wasm/$target/wasm/absolve_wasm.wasm
npx --yes --package binaryen@132.0.0 wasm-opt -O2 $features $out/engine_bg.wasm -o $out/absolve.wasm
rm $out/engine_bg.wasm
# The file has a name of its own, and is always given.
sed -i "s/engine_bg\.wasm/absolve.wasm/" $out/engine.js
cp crates/wasm/npm/* LICENSE-MIT LICENSE-APACHE $out
printf '%s bytes, %s with brotli\n' "$(wc -c < $out/absolve.wasm)" \
    "$(node -e 'process.stdout.write(String(require("zlib").brotliCompressSync(require("fs").readFileSync(process.argv[1])).length))' $out/absolve.wasm)"
