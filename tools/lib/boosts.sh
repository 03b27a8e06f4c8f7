# shellcheck shell=bash
# SPDX-License-Identifier: BSL-1.0
# For sourcing, in the root of the project: compiles the sources against other versions of Boost.

rooms=build/boosts/rooms

# Writes one file for each room, with all its sources in it.
rooms_in_one() {
    local source rest
    rm -rf "$rooms"
    mkdir -p "$rooms"
    while IFS= read -r source; do
        rest=${source#src/}
        printf '#include "../../../%s"\n' "$source" >>"$rooms/${rest%%[/.]*}.cpp"
    done < <(git ls-files 'src/*.cpp' ':!src/detail/asio.cpp')
    # What the templates of the public headers need is seen where they are used.
    printf '#include "../../../test/package/consumer/conversation.cpp"\n' >"$rooms/user.cpp"
}

# Exits with 0 if all rooms understand each Boost; says which do not. Warnings are for the other steps, which do not put
# whole rooms into one file: compile_with_boosts COMPILER VERSION...
compile_with_boosts() {
    local compiler=$1 folders
    shift
    folders=$(tools/boost-headers "$@") || return
    rooms_in_one
    local room folder
    for folder in $folders; do
        for room in "$rooms"/*.cpp; do
            printf '%s\n%s\n' "$folder" "$room"
        done
    done | xargs -d '\n' -n 2 -P "$jobs" sh -c '
        "$1" -std=c++20 -fsyntax-only -w -isystem "$2" -Iinclude -Isrc -Ibuild/release/src/cli/generated "$3" &&
            echo "Boost $(basename "${2%/usr/include}"): $(basename "$3" .cpp)" || exit 1' sh "$compiler"
}
