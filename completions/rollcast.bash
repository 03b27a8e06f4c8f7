# SPDX-License-Identifier: BSL-1.0
# Completion of the rollcast command for bash.

_rollcast()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} words
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "recv send chart list doctor help --help --version" -- "$current")
        return
    fi
    if [ "$command" = help ]; then
        mapfile -t COMPREPLY < <(compgen -W "recv send chart list doctor" -- "$current")
        return
    fi
    case $previous in
    --interface | --exclude)
        words=$(ls /sys/class/net 2>/dev/null)
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
        ;;
    --metrics-file)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    esac
    # The command itself knows its options.
    words=$(rollcast "$command" --help 2>/dev/null | grep -o -- '--[a-z][a-z-]*' | sort -u)
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _rollcast rollcast
