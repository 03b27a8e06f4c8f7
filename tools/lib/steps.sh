# shellcheck shell=bash
# SPDX-License-Identifier: BSL-1.0
# For sourcing, in the root of the project: runs steps of a script, each a function of it, and goes on after a failure.
# Expects $tool, the script, which runs one function where it is called with --step NAME.

summary=()
failed=()
logs=
run() {
    local started=$SECONDS verdict=passed status=0
    printf '\n== %s\n' "$1"
    # A program of its own, because `set -e` is off in whatever stands before `||`.
    bash "$tool" --step "$1" 2>&1 | tee "$logs/$1" || status=$?
    case $status in
        0) ;;
        77) verdict=skipped ;;
        *) verdict=FAILED; failed+=("$1") ;;
    esac
    summary+=("$(printf '%-12s %-8s %5d s' "$1" "$verdict" $((SECONDS - started)))")
    printf '== %s %s after %d s\n' "$1" "$verdict" $((SECONDS - started))
}

# What went wrong in a step, out of the thousands of lines that went well.
repeat_errors() {
    printf '\n== what %s complained of\n' "$1"
    grep -E -A 12 'error:|\*\*\*(Failed|Timeout|Exception)|^(FAIL|ERROR): |ERROR: |AssertionError|^CMake Error' "$logs/$1" |
        head -80
    printf '...\n'
    tail -n 15 "$logs/$1"
}

# run_steps STEP...
run_steps() {
    logs=$(mktemp -d)
    trap 'rm -rf "$logs"' EXIT
    local step
    for step; do
        run "$step"
    done
    for step in "${failed[@]}"; do
        repeat_errors "$step" || :
    done
    printf '\n'
    printf '%s\n' "${summary[@]}"
    if [ ${#failed[@]} -gt 0 ]; then
        say "FAILED after $SECONDS s: ${failed[*]}"
        exit 1
    fi
    say "passed in $SECONDS s"
}
