# shellcheck shell=sh disable=SC2034,SC2154 # shares variables with those who source it
# SPDX-License-Identifier: BSL-1.0
# For sourcing: what this project needs of Debian, and how to install what is missing of it.
# Expects $tool, the name that diagnostics begin with.

build_packages="g++ cmake ninja-build libfmt-dev libsodium-dev libcli11-dev libncurses-dev"
test_packages="python3 iproute2 nftables strace util-linux tmux"

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
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS $*)
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
        die "needs $*, and there is no apt-get here to install it; this command is made for Debian 12"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        die "needs root or sudo to install $*"
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || [ -t 0 ] ||
        die "needs root to install $*, and sudo would ask for a password; run as root: apt-get install --no-install-recommends $*"
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

# Installs packages, and never removes another one for it: install_packages PACKAGE...
install_packages() {
    [ $# -gt 0 ] || return 0
    refresh "$@"
    for package; do
        candidate=$(apt-cache policy "$package" 2>/dev/null | sed -n 's/^ *Candidate: \([^(].*\)/\1/p')
        [ -n "$candidate" ] ||
            die "apt has no candidate for $package (needed: Debian 12 or newer, with the main archive in its sources)"
    done
    say "installing with apt: $*"
    apt_get install --no-install-recommends --no-remove "$@" || die "apt could not install: $*"
}

# What apt would remove in order to install: removed_for PACKAGE...
removed_for() {
    apt-get -s install --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' '
}

# The Boost that is here, if it is new enough, or Debian's 1.81: need_boost COMPONENT...
# shellcheck disable=SC2086 # lists of words
need_boost() {
    packages=libboost1.81-dev
    for component; do
        case $component in
            headers) ;;
            unit_test_framework) packages="$packages libboost-test1.81-dev" ;;
            *) packages="$packages libboost-${component}1.81-dev" ;;
        esac
    done
    boost=$(missing_of $packages)
    [ -n "$boost" ] || return 0
    ! boost_is_found "$@" || return 0

    refresh $boost
    removed=$(removed_for $boost)
    [ -z "$removed" ] || die "needs Boost 1.81 or newer, and CMake finds none. To install Debian's 1.81,
apt would have to remove ${removed}first, which this command does not do for you. Do so, as root, with
    apt-get install --no-install-recommends $boost
or let the environment variable CMAKE_PREFIX_PATH name the place of a newer Boost; then start again."
    install_packages $boost
}

# shellcheck disable=SC2046
need_packages() { install_packages $(missing_of "$@"); }
