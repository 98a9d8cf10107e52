#!/usr/bin/env bash
# Installs Neovim into DIR/neovim without touching the system: DIR/neovim/nvim runs it. Usage: tests/setup/neovim.sh [DIR]
# A Neovim of version 0.11 or later on PATH is used as it is; otherwise the packages of Debian's coming release are unpacked.
source "$(dirname "$0")/common.sh"

suite=forky

# wrap LINE...: writes the `nvim` script that the tests run.
wrap() {
  printf '%s\n' '#!/bin/sh' "$@" >nvim
  chmod +x nvim
}

use_installed() {
  local nvim version
  nvim=$(command -v nvim) || return 1
  version=$("$nvim" --version | sed -n '1s/^NVIM v//p')
  [ "$(printf '%s\n' 0.11 "$version" | sort -V | head -n 1)" = 0.11 ] || return 1
  wrap "exec '$nvim' \"\$@\""
}

# Unpacks Neovim and its libraries with an apt state of their own, so that the system's packages stay as they are.
unpack_packages() {
  command -v apt-get >/dev/null || fail "install Neovim 0.11 or later, so that it is on PATH"
  apt_install patchelf
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  [ -f "$keyring" ] || fail "$keyring is missing; run: apt-get install debian-archive-keyring"
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | grep '/debian/*$' | head -n 1 || true)
  [ -n "$mirror" ] || fail "apt knows no Debian mirror; install Neovim 0.11 or later, so that it is on PATH"

  rm -rf apt root
  mkdir -p apt/lists/partial apt/archives/partial root
  : >apt/status
  echo "deb [signed-by=$keyring] $mirror $suite main" >apt/sources.list
  cat >apt/apt.conf <<CONF
Dir::State "$PWD/apt";
Dir::State::lists "$PWD/apt/lists";
Dir::State::status "$PWD/apt/status";
Dir::Cache "$PWD/apt";
Dir::Cache::archives "$PWD/apt/archives";
Dir::Etc::sourcelist "$PWD/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "";
CONF
  APT_CONFIG=$PWD/apt/apt.conf apt-get -qq update >&2
  APT_CONFIG=$PWD/apt/apt.conf apt-get -qq -y --download-only install neovim >&2
  local package
  for package in apt/archives/*.deb; do dpkg-deb -x "$package" root; done
  rm -rf apt

  # The program must find the unpacked libraries, not the system's older ones.
  local library loader
  library=$(dirname "$(find "$PWD/root/usr/lib" -name libc.so.6 | head -n 1)")
  loader=$(find "$library" -name 'ld-linux-*.so.*' | head -n 1)
  patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$library" root/usr/bin/nvim
  wrap "root='$PWD/root'" \
    'export VIMRUNTIME="$root/usr/share/nvim/runtime"' \
    'export LUA_PATH="$root/usr/share/lua/5.1/?.lua;$root/usr/share/lua/5.1/?/init.lua;;"' \
    "export LUA_CPATH=\"$library/lua/5.1/?.so;;\"" \
    'exec "$root/usr/bin/nvim" --cmd "set rtp^=$root/usr/lib/nvim" "$@"'
}

install_neovim() {
  use_installed || unpack_packages
  ./nvim --version | head -n 1 >&2
}

install_once neovim "neovim from $suite, layout 1" install_neovim
