# Shared by the set-up scripts, which source it: where the tools live, and when an installation is current.
# Each tool has its own folder DIR/<name> with a `stamp` file that holds the pinned versions it was installed from.
set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# The folder for all tools: the script's argument, else ARCHWRIGHT_TOOLS, else .tools in the repository.
tools=${1:-${ARCHWRIGHT_TOOLS:-$repo/.tools}}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

say() { echo "${0##*/}: $*" >&2; }

# install_once NAME STAMP FUNCTION: runs FUNCTION in DIR/NAME unless the stamp says that it ran before. Parallel runs wait for each other.
install_once() {
  local name=$1 stamp=$2 install=$3 dir=$tools/$1
  mkdir -p "$dir"
  exec 9>"$tools/$name.lock"
  flock 9
  if [ "$(cat "$dir/stamp" 2>/dev/null || true)" != "$stamp" ]; then
    say "installing $name into $dir"
    rm -f "$dir/stamp"
    (cd "$dir" && "$install" 9>&-)
    echo "$stamp" >"$dir/stamp"
  fi
  flock -u 9
}

# as_root COMMAND...: runs it when we may, else says what the reader has to run.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@" >&2
  else
    fail "this needs root; run: sudo $*"
  fi
}

# apt_install PACKAGE...: installs what is missing.
apt_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || fail "these system packages are needed: ${missing[*]}"
  [ "$(id -u)" != 0 ] || as_root apt-get -qq update
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}"
}

node_version=24.21.0

install_node() {
  local arch
  case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "no Node package is known for $(uname -m)" ;;
  esac
  command -v npm >/dev/null || fail "npm is missing; run: apt-get install npm"
  local archive
  archive=$(npm pack --silent "node-linux-$arch@$node_version")
  tar -xzf "$archive" --strip-components 1
  rm "$archive"
}

# use_node: puts the pinned Node first on PATH and installs it if needed. The clients ask for a newer one than distributions carry.
use_node() {
  install_once node "node $node_version" install_node
  export PATH=$tools/node/bin:$PATH npm_config_nodedir=$tools/node
  export npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false npm_config_loglevel=error
}
