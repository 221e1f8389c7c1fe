# What builds and runs a worker, sourced by the tests that do, after common.sh: WASM_BINDGEN_BIN,
# WORKER_BUILD, ESBUILD_BIN, build_worker, build_broadcaster. Commands from crates.io are installed
# once, into the cache.
worker_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

tool() { # crate, version, command
  local root=$CACHE/$1-$2
  if [ ! -x "$root/bin/$3" ]; then
    note "installing $1 $2 (once, a few minutes)"
    # What this returns is asked for in a substitution, which `set -e` does not reach into.
    CARGO_PROFILE_DEV_DEBUG=0 \
      cargo install -q --locked --debug --root "$root" --target-dir "$CACHE/target-tools" "$1@$2" >&2 || return
  fi
  echo "$root/bin/$3"
}

(
  cd "$worker_tests"
  if ! npm ls >/dev/null 2>&1; then npm ci --ignore-scripts --no-audit --no-fund >&2; fi
)
# The command and the crate that the broadcaster pins must be of one version.
WASM_BINDGEN_BIN=$(tool wasm-bindgen-cli 0.2.129 wasm-bindgen)
WORKER_BUILD=$(tool worker-build 0.8.7 worker-build)
# Both are made of much the same crates; once they are there, those only take up the disk.
rm -rf "$CACHE/target-tools"
ESBUILD_BIN=$worker_tests/node_modules/esbuild/bin/esbuild
export WASM_BINDGEN_BIN WORKER_BUILD ESBUILD_BIN

# Builds the worker in a folder, into its build/. All of them depend on the same crates, which are
# compiled once. The worker itself has the same file name in all of them, so what cargo knows of
# another folder's must not make it believe that there is nothing to do.
build_worker() {
  local target=$CACHE/target-worker
  mkdir -p "$target"
  if [ "$(cat "$target/.worker" 2>/dev/null)" != "$1" ]; then
    rm -rf "$target"/wasm32-unknown-unknown/release/.fingerprint/quickback-broadcaster-*
    printf '%s\n' "$1" >"$target/.worker"
  fi
  (cd "$1" && CARGO_TARGET_DIR=$target "$WORKER_BUILD" --release --no-opt >&2)
}

# Copies a file unless it is there already, so that what did not change is not built again.
copy() {
  mkdir -p "$(dirname "$2")"
  cmp -s "$1" "$2" || cp "$1" "$2"
}

# Builds the broadcaster outside any workspace but its own, as it is emitted, with the
# configuration of these tests. BROADCASTER_BUILD is where it is then.
build_broadcaster() {
  local crate=$CACHE/e2e-worker/crate from=$ROOT/generator/broadcaster file
  for file in Cargo.toml Cargo.lock build.rs rust-toolchain.toml; do copy "$from/$file" "$crate/$file"; done
  mkdir -p "$crate/src"
  (cd "$crate/src" && find . -name '*.rs' | while read -r file; do [ -f "$from/src/$file" ] || rm "$file"; done)
  (cd "$from/src" && find . -name '*.rs' ! -path ./config.rs) | while read -r file; do
    copy "$from/src/$file" "$crate/src/$file"
  done
  copy "$worker_tests/config.rs" "$crate/src/config.rs"
  build_worker "$crate"
  export BROADCASTER_BUILD=$crate/build
}
