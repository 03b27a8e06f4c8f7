# shellcheck shell=sh disable=SC2034,SC2154 # shares variables with those who source it
# SPDX-License-Identifier: BSL-1.0
# For sourcing: what this project needs of Debian, and how to install what is missing of it.
# Expects $tool, the name that diagnostics begin with.

build_packages="g++ cmake ninja-build libfmt-dev libsodium-dev libcli11-dev libncurses-dev"
test_packages="python3 iproute2 nftables strace util-linux tmux"

made_for="Debian 12 and 13, and what has their packages, as Ubuntu 24.04"
oldest_boost=1.81

say() { printf '%s: %s\n' "$tool" "$*"; }

die() {
    printf '%s: %s\n' "$tool" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

missing_of() {
    for package; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
            installed*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

# Whether CMake finds a Boost that is new enough, wherever it comes from: boost_is_found COMPONENT...
boost_is_found() {
    probe=$(mktemp -d)
    cat >"$probe/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(probe LANGUAGES CXX)
find_package(Boost $oldest_boost CONFIG REQUIRED COMPONENTS $*)
END
    cmake -S "$probe" -B "$probe/build" -G Ninja >/dev/null 2>&1 && found=0 || found=1
    rm -rf "$probe"
    return "$found"
}

# Refreshes the list of packages once, before the first question about one.
refreshed=
refresh() {
    [ -z "$refreshed" ] || return 0
    refreshed=yes
    command -v apt-get >/dev/null ||
        die "needs $*, and there is no apt-get here to install it; this command is made for $made_for"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        die "needs root or sudo to install $*"
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || [ -t 0 ] ||
        die "needs root to install $*, and sudo would ask for a password; run once as root, or put these in place first"
    apt_get update || say "the list of packages could not be refreshed; going on with the one at hand" >&2
}

# Runs apt-get without questions, and shows what it said only if it failed.
apt_get() {
    log=$(mktemp)
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$log"
        return 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
}

# The version that apt would install, or nothing: candidate_of PACKAGE
candidate_of() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([^(].*\)/\1/p'; }

# Installs packages, and never removes another one for it: install_packages PACKAGE...
install_packages() {
    [ $# -gt 0 ] || return 0
    refresh "$@"
    for package; do
        [ -n "$(candidate_of "$package")" ] ||
            die "apt has no candidate for $package (needed: $made_for, with the main archive in apt's sources)"
    done
    say "installing with apt: $*"
    apt_get install --no-install-recommends --no-remove "$@" || die "apt could not install: $*"
}

# What apt would remove in order to install: removed_for PACKAGE...
removed_for() {
    apt-get -s install --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' '
}

# Debian's packages of one Boost: boost_packages VERSION COMPONENT...
boost_packages() {
    version=$1
    shift
    printf '%s ' "libboost$version-dev"
    for component; do
        case $component in
            headers) ;; # in the package above
            unit_test_framework) printf '%s ' "libboost-test$version-dev" ;;
            *) printf '%s ' "libboost-$(printf %s "$component" | tr _ -)$version-dev" ;;
        esac
    done
}

# Of names of packages those of a Boost that we can use, as versions, newest first: names_to_boosts <NAMES
names_to_boosts() {
    sed -n 's/^libboost\(1\.[0-9][0-9]*\)-dev$/\1/p' | sort -u -t . -k 2,2nr |
        awk -F . -v oldest="${oldest_boost#1.}" '$2 + 0 >= oldest + 0'
}

# Whether Debian's packages of some Boost are all here: boost_is_installed COMPONENT...
boost_is_installed() {
    for choice in $(dpkg-query -W -f='${Package}\n' 'libboost1.*-dev' 2>/dev/null | names_to_boosts); do
        # shellcheck disable=SC2046 # a list of words
        [ -n "$(missing_of $(boost_packages "$choice" "$@"))" ] || return 0
    done
    return 1
}

# The Boost to install: the one that is here in part, for two exclude each other, or else the newest of which apt has
# everything. Names of packages are all that apt may know of a Boost. choose_boost COMPONENT...
choose_boost() {
    newest=
    for choice in $(apt-cache pkgnames libboost1. | names_to_boosts); do
        complete=yes
        for package in $(boost_packages "$choice" "$@"); do
            [ -n "$(candidate_of "$package")" ] || complete=
        done
        [ -n "$complete" ] || continue
        [ -n "$(missing_of "libboost$choice-dev")" ] || { echo "$choice"; return; }
        [ -n "$newest" ] || newest=$choice
    done
    echo "$newest"
}

# The Boost that is here, if it is new enough, or the newest that apt has: need_boost COMPONENT...
# shellcheck disable=SC2046,SC2086 # lists of words
need_boost() {
    ! boost_is_installed "$@" || return 0
    ! boost_is_found "$@" || return 0

    refresh "Boost $oldest_boost or newer"
    choice=$(choose_boost "$@")
    [ -n "$choice" ] || die "needs Boost $oldest_boost or newer ($*), and neither CMake nor apt has one. Give apt the main
archive of its distribution ($made_for),
or let the environment variable CMAKE_PREFIX_PATH name the place of a Boost; then start again."

    boost=$(missing_of $(boost_packages "$choice" "$@"))
    removed=$(removed_for $boost)
    [ -z "$removed" ] || die "needs Boost $oldest_boost or newer, and CMake finds none. To install Debian's $choice,
apt would have to remove ${removed}first, which this command does not do for you. Do so, as root, with
    apt-get install --no-install-recommends $boost
or let the environment variable CMAKE_PREFIX_PATH name the place of a newer Boost; then start again."
    install_packages $boost
    boost_is_found "$@" || die "has installed Debian's Boost $choice, and CMake does not find it with $*"
}

# shellcheck disable=SC2046
need_packages() { install_packages $(missing_of "$@"); }
