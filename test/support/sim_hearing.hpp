// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/simulated_network.hpp"

#include <cstddef>
#include <functional>

namespace rollcast::test {

/// Who hears whom on a link where not everybody hears everybody: whether `to` hears `from`.
using hearing = std::function<bool(std::size_t from, std::size_t to)>;

/// Cuts what is not heard, in one way or both.
inline void restrict_hearing(simulated_network& net, hearing const& heard, cast which)
{
    for (std::size_t from = 0; from < net.count(); ++from)
        for (std::size_t to = 0; to < net.count(); ++to)
            if (from != to && !heard(from, to))
                net.cut(from, to, which);
}

inline void restrict_hearing(simulated_network& net, hearing const& heard)
{
    restrict_hearing(net, heard, cast::multicast);
    restrict_hearing(net, heard, cast::unicast);
}

/// On one segment only, as where an access point isolates its clients that are on a wire as well.
inline void restrict_hearing_on(simulated_network& net, unsigned segment, hearing const& heard)
{
    for (std::size_t from = 0; from < net.count(); ++from)
        for (std::size_t to = 0; to < net.count(); ++to)
            for (auto const which : {cast::multicast, cast::unicast})
                if (from != to && !heard(from, to))
                    net.cut_on(segment, from, to, which);
}

/// An access point that isolates its clients, or a private VLAN: all hear the first one only.
inline bool by_hub(std::size_t from, std::size_t to)
{
    return from == 0 || to == 0;
}

/// Repeaters in a row: everybody hears only those next to it.
inline bool in_chain(std::size_t from, std::size_t to)
{
    return from + 1 == to || to + 1 == from;
}

/// Radio cells of `size` each, of which the first two instances are in both.
inline hearing in_cells(std::size_t size)
{
    return [size](std::size_t from, std::size_t to) {
        auto const cell = [size](std::size_t who) { return who < 2 ? 0 : 1 + (who - 2) / size; };
        return cell(from) == 0 || cell(to) == 0 || cell(from) == cell(to);
    };
}

} // namespace rollcast::test
