// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/endpoint.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// At which address of ours each remote endpoint has spoken to us, so that answers leave from that
/// address: a cookie holds for the address it was sent to, and the system might choose another one
/// of ours. The endpoints that spoke last are remembered.
class return_ways {
public:
    static constexpr std::size_t most_remembered = 64;

    void note(endpoint const& by, asio::ip::address const& ours)
    {
        if (ours.is_unspecified())
            return;
        auto const known = std::ranges::find(ways_, by, &way::first);
        if (known != ways_.end())
            ways_.erase(known);
        else if (ways_.size() == most_remembered)
            ways_.erase(ways_.begin());
        ways_.emplace_back(by, ours);
    }

    /// Our address to answer this endpoint from; unspecified where none is known.
    asio::ip::address find(endpoint const& to) const
    {
        auto const known = std::ranges::find(ways_, to, &way::first);
        return known == ways_.end() ? asio::ip::address() : known->second;
    }

    void clear() noexcept { ways_.clear(); }

private:
    using way = std::pair<endpoint, asio::ip::address>;

    std::vector<way> ways_; ///< Endpoints that spoke last at the end.
};

} // namespace rollcast::detail
