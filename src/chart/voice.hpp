// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/registry.hpp"
#include "chart/self.hpp"

#include <rollcast/announce/codec.hpp>

#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// How this instance speaks on one link: in its own name, with its own record, and never more to
/// an address that has proven nothing than came from there.
class voice {
public:
    voice(self_state& self, link const& on, registry const& known);

    /// The own record as of now; to be called when data, addresses or incarnation have changed.
    void refresh();

    member const& own() const noexcept { return *own_; }
    rollcast::summary summary() const;
    std::uint32_t bucket_hash(std::size_t bucket) const noexcept;

    /// An announcement of this type, with everything that is in all of them.
    announcement speak(message_type type) const;

    void multicast(announcement value, versions by = versions::all);
    void unicast(asio::ip::udp::endpoint const& to, announcement value);

    /// To somebody who asked in a datagram of so many bytes and may not be who it seems to be.
    /// Whether it was sent.
    bool answer(asio::ip::udp::endpoint const& to, std::size_t asked, bool proven,
                announcement value, time_point now);

    /// What only somebody who receives at this address can tell us.
    std::uint64_t cookie(asio::ip::udp::endpoint const& to, time_point now) const;
    bool is_cookie(std::uint64_t value, asio::ip::udp::endpoint const& from, time_point now) const;

private:
    std::uint64_t cookie_of(asio::ip::udp::endpoint const& to, std::uint64_t period) const;
    void send(std::optional<asio::ip::udp::endpoint> const& to, announcement& value, versions by);

    self_state& self_;
    link const& link_;
    registry const& known_;
    member_ptr own_;
};

} // namespace rollcast::detail
