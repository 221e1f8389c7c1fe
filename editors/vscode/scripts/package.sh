#!/bin/bash
# Makes the packages of the extension.
#
#   scripts/package.sh                                    the universal one, without a server
#   scripts/package.sh --target linux-x64 --server FILE   one for a platform, with its server
#   ... --out FILE                                        where to write it (default: dist/*.vsix)
#
# The targets are those of `vsce package --target`: linux-x64, linux-arm64, alpine-x64,
# darwin-x64, darwin-arm64, win32-x64, win32-arm64 and the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

target= server= out=
while [ $# -gt 0 ]; do
  case $1 in
    --target) target=$2; shift 2 ;;
    --server) server=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) echo "error: unknown option $1" >&2; exit 2 ;;
  esac
done
if { [ -n "$target" ] && [ -z "$server" ]; } || { [ -z "$target" ] && [ -n "$server" ]; }; then
  echo "error: --target and --server go together: a package for a platform holds that platform's server" >&2
  exit 2
fi

[ -d node_modules ] || npm ci --no-audit --no-fund
mkdir -p dist
node scripts/build.mjs --production

rm -rf server
trap 'rm -rf server' EXIT
if [ -n "$server" ]; then
  mkdir server
  case $target in
    win32-*) install -m 755 "$server" server/quickback-realtime.exe ;;
    *) install -m 755 "$server" server/quickback-realtime ;;
  esac
fi

version=$(node -p 'require("./package.json").version')
out=${out:-dist/quickback-realtime-${target:-universal}-$version.vsix}
npx vsce package --no-dependencies --no-rewrite-relative-links --allow-missing-repository \
  --allow-unused-files-pattern ${target:+--target "$target"} --out "$out"
