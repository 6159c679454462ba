#!/usr/bin/env bash
# Builds the agent for a board, one native, trimmed program, and installs it there over SSH. `./publish.sh --help` says how.
# What happens on the board is in systemd/board.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat << 'TEXT'
Usage: ./publish.sh [OPTIONS] pi@door.local               builds for the board's processor and updates the board
       ./publish.sh [OPTIONS] ACTION pi@door.local
       ./publish.sh [OPTIONS] [ACTION] --host-list FILE   many boards, one after another; stops at the first failure
       ./publish.sh --build RID                           only builds: out/RID/intercom-agent, and .dbg for a debugger

Actions:
  --first-time     sets up a board with a fresh Raspberry Pi OS Lite or Debian (64 bits, Debian 12 or newer) and installs the agent
  --rollback       goes back to the release that the running one replaced
  --status         says which release runs, and how it is
  --logs           shows the agent's log, and what is added to it until Ctrl-C

Options:
  -p, -i, -F, -o   a port, an identity file, a configuration file and an option for ssh, as ssh takes them
  --wait SECONDS   how long a running call is waited for before the agent is replaced (300)
  --config FILE    with --first-time: the board's configuration, instead of the sample; one that is there already stays
  --program FILE   publishes this program instead of building one
  --signing-key FILE   the publisher's key, instead of ~/.config/intercom-agent/publisher

Nobody is trusted unasked. ssh shows the fingerprint of a board that it does not know, and asks. The board takes only what is signed with
the key of the publisher who set it up; --first-time makes that key where there is none. Keep it.

The new release must come up and run for a while, or the board goes back to the old one by itself. Whatever breaks off on the way, this
script, the network or the power, leaves a working door; publishing once more finishes it.

Exit status: 0 done; 1 failed, nothing has changed; 2 called wrongly; 3 the new release failed, and the board has gone back.

  RID   linux-arm64   Raspberry Pi 3, 4, 5 and Zero 2 with a 64-bit system (Debian 12 or newer)
        linux-x64     PCs

The build runs on an x64 PC with Debian 12 and the .NET 10 SDK. Debian packages that are missing are installed when root runs the script;
anybody else is told their names. A build that warns is a failed build.

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
  local mirror
  mirror=$(.ci/debian-mirror)
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
  sed -n 's/.*Text = "\(.*\)";.*/\1/p' "$objects/BuildVersion.g.cs" > "$folder/version"
  echo "built $folder/intercom-agent: $(stat -c %s "$folder/intercom-agent") bytes in $((SECONDS - started)) s"
}

# One connection for all that is done on a board, so that it asks for a passphrase or a fingerprint once.
connect() {
  board="$1"
  case "$(ssh "${ssh_options[@]}" -G "$board" | sed -n 's/^stricthostkeychecking //p')" in
    false | no | off) fail "ssh is told not to check who $board is: take StrictHostKeyChecking out of its configuration or options" ;;
  esac
  connection=(-o "ControlPath=$scratch/%C" -o ServerAliveInterval=15)
  ssh "${ssh_options[@]}" "${connection[@]}" -o ControlMaster=yes -o ControlPersist=15m "$board" true \
    || fail "cannot reach $board, or it is not whom we know by that name"
}

disconnect() {
  ssh "${ssh_options[@]}" "${connection[@]}" -O exit "$board" 2> /dev/null || true
}

on_board() {
  # shellcheck disable=SC2029 # the words are the board's from here on
  ssh "${ssh_options[@]}" "${connection[@]}" "$board" "$@"
}

# Runs the command as root. With a terminal here sudo can ask there for its password.
as_root() {
  local terminal=()
  [ ! -t 0 ] || terminal=(-t)
  # shellcheck disable=SC2029 # the words are the board's from here on
  ssh "${ssh_options[@]}" "${connection[@]}" "${terminal[@]}" "$board" \
    "if [ \$(id -u) -eq 0 ]; then $1; else sudo -- $1; fi"
}

# The folder `package`: the release as one file, its checksum and its signature, and what the board's script needs beside it.
# A release is named after the version that was built and what is in it, so that two that differ never have one name.
package_release() {
  local program="$1" tree="$scratch/tree" version
  package="$scratch/package"
  rm -rf "$tree" "$package"
  mkdir -p "$tree" "$package"
  cp "$program" systemd/board systemd/intercom-agent-settle.service "$tree/"
  [ "$(basename "$program")" = intercom-agent ] || mv "$tree/$(basename "$program")" "$tree/intercom-agent"
  add_links "$tree/links/etc"
  chmod -R u=rwX,go=rX "$tree"
  chmod 755 "$tree/intercom-agent" "$tree/board"
  version=$(cat "$(dirname "$program")/version" 2> /dev/null || echo local)
  release="$version-$(archive "$tree" | sha256sum | cut -c 1-8)"
  echo "$release" > "$tree/version"

  archive "$tree" > "$package/release.tar"
  (cd "$package" && sha256sum release.tar > release.tar.sha256)
  ssh-keygen -q -Y sign -f "$signing_key" -n intercom-agent "$package/release.tar" || fail "cannot sign with $signing_key"
  echo "publisher namespaces=\"intercom-agent\" $(cut -d ' ' -f 1,2 "$signing_key.pub")" > "$package/allowed_signers"
  cp systemd/board "$package/"
  cp "$configuration" "$package/intercom-agent.toml"
}

# What is in the folder systemd, where systemd and udev look for it. The unit that guards a trial is no part of what it guards.
add_links() {
  local file
  while read -r file; do
    case "$file" in
      */board | */intercom-agent-settle.service | *.toml) ;;
      *.service) install -D -m 644 "$file" "$1/systemd/system/${file##*/}" ;;
      *.rules) install -D -m 644 "$file" "$1/udev/rules.d/${file##*/}" ;;
      *sysusers*.conf) install -D -m 644 "$file" "$1/sysusers.d/intercom-agent.conf" ;;
      *tmpfiles*.conf) install -D -m 644 "$file" "$1/tmpfiles.d/intercom-agent.conf" ;;
      *) fail "does not know where $file belongs on a board" ;;
    esac
  done < <(find systemd -type f)
}

# The folder as a stream that depends on nothing but the names and contents of its files.
archive() {
  tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c .
}

find_signing_key() {
  if [ "$action" = first-time ] && [ ! -f "$signing_key" ]; then
    mkdir -p "$(dirname "$signing_key")"
    ssh-keygen -q -t ed25519 -N '' -C 'publisher of intercom-agent' -f "$signing_key"
    echo "made the publisher's key $signing_key: boards that are set up with it take nothing without it"
  fi
  [ -f "$signing_key.pub" ] || fail "there is no publisher's key $signing_key: copy it here from where the board was set up"
}

# The program for the board's processor, built once for all boards that have it.
find_program() {
  local machine rid
  machine=$(on_board uname -m)
  case "$machine" in
    aarch64) rid=linux-arm64 ;;
    x86_64) rid=linux-x64 ;;
    *) fail "$board is $machine: the agent runs on 64-bit systems, aarch64 or x86_64" ;;
  esac
  if [ -n "$given_program" ]; then
    program="$given_program"
  else
    [ -f "$scratch/built-$rid" ] || build "$rid"
    touch "$scratch/built-$rid"
    program="out/$rid/intercom-agent"
  fi
}

publish() {
  local folder command status=0
  find_signing_key
  find_program
  package_release "$program"
  echo "copying release $release to $board: $(stat -c %s "$package/release.tar") bytes"
  # shellcheck disable=SC2016 # the board's shell expands it
  folder=$(archive "$package" | on_board 'folder=$(mktemp -d /tmp/intercom-agent.XXXXXX) || exit
    tar -x -C "$folder" || { rm -rf "$folder"; exit 1; }
    echo "$folder"')
  command="update $folder $wait_limit"
  [ "$action" != first-time ] || command="first-time $folder"
  # The board clears up by itself: the publisher may be gone by then.
  as_root "sh -c 'trap : HUP INT TERM; sh $folder/board $command; status=\$?; rm -rf $folder; exit \$status'" || status=$?
  return "$status"
}

# Does the action on one board, in a shell of its own; its exit status is that of the board's script.
visit() {
  connect "$1"
  trap disconnect EXIT
  case "$action" in
    update | first-time) publish ;;
    rollback) as_root "sh /opt/intercom-agent/board rollback $wait_limit" ;;
    status) as_root 'sh /opt/intercom-agent/board status' ;;
    logs) show_log ;;
  esac
}

show_log() {
  local follow=''
  [ ! -t 1 ] || follow='-f'
  as_root "journalctl --no-pager -o short-iso -u intercom-agent -n 100 $follow"
}

# Boards one to a line; empty lines and what follows a # do not count.
read_hosts() {
  local line
  [ -r "$1" ] || fail "cannot read the list of boards $1"
  while read -r line || [ -n "$line" ]; do
    line="${line%%#*}"
    line="${line//[[:space:]]/}"
    [ -z "$line" ] || boards+=("$line")
  done < "$1"
}

misused() {
  echo "publish.sh: $*; see ./publish.sh --help" >&2
  exit 2
}

action=update
boards=()
ssh_options=()
wait_limit=300
configuration=systemd/intercom-agent.toml
given_program=''
signing_key="${XDG_CONFIG_HOME:-$HOME/.config}/intercom-agent/publisher"

while [ $# -gt 0 ]; do
  case "$1" in
    --build | --host-list | --wait | --config | --program | --signing-key | -p | -i | -F | -o)
      [ $# -ge 2 ] || misused "$1 takes a value"
      case "$1" in
        --build)
          build "$2"
          exit 0
          ;;
        --host-list) read_hosts "$2" ;;
        --wait) wait_limit="$2" ;;
        --config) configuration="$2" ;;
        --program) given_program="$2" ;;
        --signing-key) signing_key="$2" ;;
        *) ssh_options+=("$1" "$2") ;;
      esac
      shift 2
      ;;
    --first-time | --rollback | --status | --logs)
      action="${1#--}"
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*) misused "there is no option $1" ;;
    *)
      boards+=("$1")
      shift
      ;;
  esac
done
[ ${#boards[@]} -gt 0 ] || misused "name a board"
[[ "$wait_limit" =~ ^[0-9]{1,6}$ ]] || misused "--wait takes seconds"
for file in "$configuration" ${given_program:+"$given_program"}; do
  [ -r "$file" ] || fail "cannot read $file"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for index in "${!boards[@]}"; do
  [ ${#boards[@]} -eq 1 ] || echo "== ${boards[index]}"
  # Not in a condition: there the shell would go on after a command that failed.
  set +e
  (set -e && visit "${boards[index]}")
  status=$?
  set -e
  [ "$status" -ne 0 ] || continue
  [ "$status" -ne 255 ] || echo "publish.sh: the connection broke off. What the board has begun it ends by itself: see --status" >&2
  rest=("${boards[@]:index + 1}")
  [ ${#rest[@]} -eq 0 ] || echo "publish.sh: stopped at ${boards[index]}; not visited: ${rest[*]}" >&2
  exit "$status"
done
