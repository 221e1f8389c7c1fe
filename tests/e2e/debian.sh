# Neovim and Helix of a newer Debian than this machine may have: their packages with all that
# they need, unpacked into one folder and run with that folder's own loader. Nothing is
# installed. Sourced by `run` scripts; needs common.sh. A folder of your own choice can be tried
# instead by naming the programs in NVIM and HX.

DEBIAN_SUITE=forky
DEBIAN=$CACHE/debian-$DEBIAN_SUITE
LOADER=$DEBIAN/root/usr/lib/x86_64-linux-gnu

install_debian() {
  local folder=$1 mirror
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/root"
  # An empty list of what is installed makes apt fetch every dependency, down to libc.
  : >"$folder/status"
  mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
  [ -n "$mirror" ] || mirror=http://deb.debian.org/debian
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $DEBIAN_SUITE main" >"$folder/sources.list"
  local apt=(apt-get -q -y
    -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$folder/lists" -o "Dir::State::status=$folder/status" -o "Dir::Cache=$folder/cache"
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root)
  "${apt[@]}" update
  "${apt[@]}" --no-install-recommends --download-only install neovim hx
  local package
  for package in "$folder"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder/root"
  done
  rm -rf "$folder/lists" "$folder/cache"
}

# A script at $1 that starts a program of that folder. The loader is told of the libraries by an
# option, which the program's children (the language server) do not inherit.
write_starter() {
  local script=$1 name=$2 binary=$3 environment=$4 arguments=${5:-}
  printf '#!/bin/sh\n%s\nexec "%s/ld-linux-x86-64.so.2" --library-path "%s" --argv0 %s "%s" %s "$@"\n' \
    "$environment" "$LOADER" "$LOADER" "$name" "$binary" "$arguments" >"$script"
  chmod +x "$script"
}

# The newest Neovim, started by a script at $1. Its parsers are not where it was built to look for
# them.
write_nvim() {
  once "$DEBIAN" install_debian
  write_starter "$1" nvim "$DEBIAN/root/usr/bin/nvim" \
    "export VIMRUNTIME='$DEBIAN/root/usr/share/nvim/runtime' LUA_CPATH='$LOADER/lua/5.1/?.so;;'" \
    "--cmd 'set runtimepath+=$DEBIAN/root/usr/lib/nvim'"
}

# A Helix in HX.
find_helix() {
  if [ -z "${HX:-}" ]; then
    once "$DEBIAN" install_debian
    HX=$WORK/hx
    write_starter "$HX" hx "$DEBIAN/root/usr/lib/hx/hx" "export HELIX_RUNTIME='$DEBIAN/root/usr/lib/hx/runtime'"
  fi
  export HX
}
