#!/usr/bin/env bash
# Builds the agent for a board: one native, trimmed program. `./publish.sh --help` says how.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat << 'TEXT'
Usage: ./publish.sh --build RID

Builds out/RID/intercom-agent, and beside it intercom-agent.dbg with the symbols for a debugger.

  RID   linux-arm64   Raspberry Pi 3, 4, 5 and Zero 2 with a 64-bit system (Debian 12 or newer)
        linux-x64     PCs

The build runs on an x64 PC with Debian 12 and the .NET 10 SDK. Debian packages that are missing are installed
when root runs the script; anybody else is told their names. A build that warns is a failed build.

  DEBIAN_MIRROR   where arm64 libraries come from, instead of where this machine's own packages come from
TEXT
}

fail() {
  echo "publish.sh: $*" >&2
  exit 1
}

# The C library that the arm64 program is linked against, unpacked in a folder of its own: the build machine stays as it is.
# The oldest Debian that we support, whichever the build machine runs: a program linked against a newer C library would not start on it.
arm64_release=bookworm
arm64_packages=(libc6 libc6-dev libgcc-s1 libgcc-12-dev)
arm64_root="$PWD/out/sysroot-linux-arm64"

fetch_arm64_root() {
  local stamp="$arm64_release ${arm64_packages[*]}"
  [ "$(cat "$arm64_root/complete" 2> /dev/null)" != "$stamp" ] || return 0

  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f "$keyring" ] || fail "needs Debian's keys to check the arm64 libraries: install debian-archive-keyring"
  # shellcheck disable=SC2016 # the words in single quotes are for apt-get
  local mirror="${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $arm64_release" \
    'Component: main' | head -n 1)}"
  [ -n "$mirror" ] || fail "needs DEBIAN_MIRROR, as this machine's packages are not those of Debian $arm64_release"
  echo "fetching the arm64 C library of Debian $arm64_release"
  local apt="$arm64_root/apt"
  rm -rf "$arm64_root"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
  echo "deb [arch=arm64 signed-by=$keyring] $mirror $arm64_release main" > "$apt/sources.list"
  local options=(
    -q -o APT::Architecture=arm64 -o APT::Architectures=arm64
    -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State=$apt" -o "Dir::State::Lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
  )
  [ "$(id -u)" -ne 0 ] || options+=(-o APT::Sandbox::User=root)
  quietly apt-get "${options[@]}" update
  (cd "$apt/packages" && quietly apt-get "${options[@]}" download "${arm64_packages[@]}")

  local package link
  for package in "$apt"/packages/*.deb; do
    dpkg-deb -x "$package" "$arm64_root"
  done
  # Debian's links are absolute; seen from the build machine they would point at its own libraries.
  while IFS= read -r link; do
    ln -sfr "$arm64_root$(readlink "$link")" "$link"
  done < <(find "$arm64_root" -type l -lname '/*')
  rm -rf "$apt"
  echo "$stamp" > "$arm64_root/complete"
}

# Runs a command and shows what it printed only if it failed.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" > "$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "failed: $*"
  fi
  rm -f "$log"
}

build() {
  local rid="$1"
  # One linker and one symbol stripper for both architectures: LLVM's.
  local options=(-p:LinkerFlavor=lld -p:ObjCopyName=llvm-objcopy)
  case "$rid" in
    linux-x64) ;;
    linux-arm64) options+=("-p:SysRoot=$arm64_root") ;;
    *) fail "cannot build for '$rid': it is linux-x64 or linux-arm64" ;;
  esac
  [ "$(uname -m)" = x86_64 ] || fail "builds on an x64 machine, this one is $(uname -m)"
  command -v dotnet > /dev/null || fail "needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
  .ci/require clang=clang ld.lld=lld llvm-objcopy=llvm
  [ "$rid" != linux-arm64 ] || fetch_arm64_root

  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  local folder="out/$rid" objects="agent/obj/Release/net10.0/$rid" started=$SECONDS
  echo "building $folder/intercom-agent"
  rm -rf "$folder"
  mkdir -p "$folder"
  # The parts that are compiled ahead of time are built anew, so that what they warn of is said every time.
  rm -rf "$objects/native"
  if ! dotnet publish agent -c Release -r "$rid" -v minimal -nologo -tl:off "${options[@]}" > "$folder/build.log" 2>&1 \
    || grep -qiE '\bwarning\b' "$folder/build.log"; then
    cat "$folder/build.log" >&2
    fail "the build for $rid failed or warned"
  fi
  cp "agent/bin/Release/net10.0/$rid/publish/intercom-agent"{,.dbg} "$folder/"
  echo "built $folder/intercom-agent: $(stat -c %s "$folder/intercom-agent") bytes in $((SECONDS - started)) s"
}

case "${1:-}" in
  --build)
    [ $# -eq 2 ] || fail "--build takes one RID; see ./publish.sh --help"
    build "$2"
    ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
