# shellcheck shell=sh disable=SC2154 # shares names with those who source it
# SPDX-License-Identifier: BSL-1.0
# For sourcing, in the root of the project: builds a preset with all processors of this machine.

jobs=$(nproc)
at_once=$((jobs + 1)) # tests, which wait more than they compute

# configure PRESET [ARGUMENT FOR CMAKE]...
configure() {
    preset=$1
    shift
    told=$(cmake --preset "$preset" "$@" 2>&1) || {
        printf '%s\n' "$told" >&2
        die "CMake could not configure the preset $preset"
    }
}

# build PRESET [TARGET], once it is configured; with $keep_going, to the last error instead of the first
build() {
    cmake --build --preset "$1" --parallel "$jobs" ${2:+--target "$2"} ${keep_going:+-- -k 0} || die "the preset $1 does not build"
}
