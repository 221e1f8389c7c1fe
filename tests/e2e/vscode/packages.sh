# The packages under test: the extension with and without its server, and the server for npm.
# Sourced by `run`; needs common.sh.

# What every package of the extension holds, beside the server of its platform.
CONTENTS='LICENSE.txt changelog.md dist/extension.js icon.png media/fix.png media/preview.png
  media/status.png package.json readme.md schemas/quickback-realtime.schema.json
  snippets/quickback.json syntaxes/preview.tmLanguage.json walkthrough/check.md
  walkthrough/enable.md walkthrough/generate.md walkthrough/mask.md walkthrough/preview.md'

package() { quietly "$ROOT/editors/vscode/scripts/package.sh" "$@"; }

# The package for this platform in PACKAGE, the one without a server in UNIVERSAL.
make_packages() {
  PACKAGE=$WORK/quickback-realtime.vsix
  UNIVERSAL=$WORK/quickback-realtime-universal.vsix
  package --target linux-x64 --server "$SERVER" --out "$PACKAGE"
  package --out "$UNIVERSAL"
}

# The server as npm's packages, installed as a project would have them, in QUICKBACK_REALTIME_NPM.
install_from_npm() {
  export QUICKBACK_REALTIME_NPM=$WORK/npm
  mkdir -p "$QUICKBACK_REALTIME_NPM"
  quietly node "$ROOT/editors/npm/pack.mjs" "$WORK/tarballs" "linux-x64=$SERVER"
  cd "$QUICKBACK_REALTIME_NPM"
  echo '{ "private": true }' >package.json
  quietly npm install --offline --no-audit --no-fund "$WORK"/tarballs/*.tgz
}

# Packages for other platforms, with a file in the place of each platform's server.
package_tests() {
  echo "the packages of the extension"
  need_program unzip unzip
  local target server=$WORK/stand-in
  printf '#!/bin/sh\necho stand-in\n' >"$server"
  for target in linux-arm64 alpine-x64 darwin-arm64 win32-x64; do
    package --target "$target" --server "$server" --out "$WORK/$target.vsix"
    case $target in
      win32-*) holds "$WORK/$target.vsix" "$target" server/quickback-realtime.exe ;;
      *) holds "$WORK/$target.vsix" "$target" server/quickback-realtime ;;
    esac
    rm "$WORK/$target.vsix"
  done
  holds "$PACKAGE" linux-x64 server/quickback-realtime
  holds "$UNIVERSAL" ''
}

# Whether a package is for a platform, holds what every package holds and the files of its own that
# are named, and nothing else; and whether the server in it may be executed.
holds() {
  local package=$1 target=$2 name=${2:-every platform} found expected platform
  shift 2
  # shellcheck disable=SC2086 # The names are separated by blanks.
  expected=$(printf 'extension/%s\n' $CONTENTS "$@" | sort)
  found=$(unzip -Z1 "$package" | grep '^extension/' | sort)
  platform=$(unzip -p "$package" extension.vsixmanifest | sed -n 's/.*TargetPlatform="\([^"]*\)".*/\1/p')
  if [ "$found" != "$expected" ]; then
    diff <(echo "$expected") <(echo "$found") | sed -n 's/^[<>]/          &/p'
    verdict FAIL "the package for $name holds something else (< is missing, > too much)"
  elif [ "$platform" != "$target" ]; then
    verdict FAIL "the package for $name says that it is for \"$platform\""
  elif unzip -Z "$package" 'extension/server/*' 2>/dev/null | grep 'quickback-realtime' | grep -qv '^-rwxr-xr-x'; then
    verdict FAIL "the server in the package for $name may not be executed"
  else
    verdict ok "the package for $name"
  fi
}

verdict() {
  printf '    %-4s  %s\n' "$1" "$2"
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
