# What builds and runs a worker, sourced by the tests that do: WASM_BINDGEN_BIN, WORKER_BUILD,
# ESBUILD_BIN. Commands from crates.io are installed once, into the cache.
worker_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool_cache=$(cd "$worker_tests/../../.." && pwd)/.cache

tool() { # crate, version, command
  local root=$tool_cache/$1-$2
  if [ ! -x "$root/bin/$3" ]; then
    echo "installing $1 $2 (once, a few minutes)" >&2
    cargo install -q --locked --debug --root "$root" --target-dir "$tool_cache/target-tools" "$1@$2" >&2
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
ESBUILD_BIN=$worker_tests/node_modules/esbuild/bin/esbuild
export WASM_BINDGEN_BIN WORKER_BUILD ESBUILD_BIN
