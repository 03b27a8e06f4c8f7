# SPDX-License-Identifier: BSL-1.0
# Completion of the rollcast command for fish.

function __rollcast_options
    # The command itself knows its options.
    set -l words (commandline -opc)
    if set -q words[2]
        rollcast $words[2] --help 2>/dev/null | string match -ar -- '--[a-z][a-z-]*' | sort -u
    else
        printf '%s\n' --help --version
    end
end

function __rollcast_interfaces
    ls /sys/class/net 2>/dev/null
end

complete -c rollcast -f
complete -c rollcast -n __fish_use_subcommand -a recv -d 'receive the datagrams of a multicast group'
complete -c rollcast -n __fish_use_subcommand -a send -d 'send datagrams to a multicast group'
complete -c rollcast -n __fish_use_subcommand -a chart -d 'show who else is on this network'
complete -c rollcast -n __fish_use_subcommand -a list -d 'print once who is on this network'
complete -c rollcast -n __fish_use_subcommand -a doctor -d 'find out why multicast does not work here'
complete -c rollcast -n __fish_use_subcommand -a help -d 'options and examples, of a command too'
complete -c rollcast -n '__fish_seen_subcommand_from help' -a 'recv send chart list doctor'
complete -c rollcast -n 'string match -q -- "-*" (commandline -ct)' -a '(__rollcast_options)'
complete -c rollcast -n 'contains -- (commandline -opc)[-1] --interface --exclude' -a '(__rollcast_interfaces)'
complete -c rollcast -n 'contains -- (commandline -opc)[-1] --metrics-file' -F
