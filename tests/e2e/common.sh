# Shared by the tests in real editors: where things are, the server under test, and a fresh
# copy of the fixture project for each run. Sourced by the `run` scripts, which set HERE.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Editors and tools are large, so several checkouts may share one folder.
CACHE=${QUICKBACK_REALTIME_CACHE:-$ROOT/.cache}
mkdir -p "$CACHE"
export npm_config_cache=${npm_config_cache:-$CACHE/npm} npm_config_update_notifier=false

note() { printf '  %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 2; }

# Runs a command quietly; what it said is shown only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    fail "this failed: $*"
  fi
  rm -f "$log"
}

# Calls `make_it FOLDER` unless FOLDER is there already. The folder appears under its name only
# when it is whole, so that an interrupted installation is never taken for a finished one.
once() {
  local folder=$1 make_it=$2
  [ -d "$folder" ] && return
  note "installing $(basename "$folder") (once, into $CACHE)"
  rm -rf "$folder.partial"
  mkdir -p "$folder.partial"
  quietly "$make_it" "$folder.partial"
  mv "$folder.partial" "$folder"
}

# The server under test, as an absolute path in SERVER; built if it is not there.
find_server() {
  SERVER=${QUICKBACK_REALTIME_BIN:-$ROOT/target/debug/quickback-realtime}
  if [ ! -x "$SERVER" ]; then
    [ -z "${QUICKBACK_REALTIME_BIN:-}" ] || fail "QUICKBACK_REALTIME_BIN names $SERVER, which is not an executable file"
    note "building the server"
    quietly cargo build --manifest-path "$ROOT/Cargo.toml" --bin quickback-realtime
  fi
  SERVER=$(realpath "$SERVER")
}

# A folder of this run alone, in WORK, removed at the end.
make_work() {
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/quickback-realtime-XXXXXX")
  STARTED=()
  trap clean_up EXIT
}

clean_up() {
  local pid
  for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${STARTED[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$WORK"
}

# The fixture project at FOLDER, as a user has it: definitions and handlers, nothing generated.
copy_newsroom() {
  local folder=$1
  mkdir -p "$folder"
  cp -r "$ROOT/tests/fixtures/newsroom/." "$folder"
  rm -rf "$folder/expected"
}

# Installs a package of Debian's, where that may be done.
install_package() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "the package \"$1\" is missing here: install it"
  note "installing $1"
  quietly apt-get update
  quietly apt-get install -y --no-install-recommends "$1"
}

# Makes sure that a program is there, out of the Debian package that has it.
need_program() {
  command -v "$1" >/dev/null || install_package "$2"
}

# A Chromium in CHROMIUM, installed by Debian's package if there is none.
find_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  if [ -z "$CHROMIUM" ]; then
    install_package chromium
    CHROMIUM=$(command -v chromium)
  fi
  export CHROMIUM
}
