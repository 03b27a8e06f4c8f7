// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/postage.hpp"
#include "protocol/registry.hpp"
#include "protocol/return_ways.hpp"
#include "protocol/self.hpp"

#include <rollcast/announce/codec.hpp>

#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// Somebody who has asked something, and may not be who it seems to be.
struct asker {
    endpoint where{};
    bool proven = false;   ///< It has echoed a cookie of ours.
    bool member = false;   ///< A member that has proven itself hears there.
    bool observer = false; ///< It is none, and says so.
};

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

    /// Whether we have to contradict what is told of this life of ours: nobody can know anything
    /// later than we do, nor anything else.
    bool overrules(identity const& who, record_view const& told) const;

    /// An announcement of this type, with everything that is in all of them.
    announcement speak(message_type type) const;

    /// To all members on whatever discovery port they are, and to the main one.
    void multicast(announcement value, versions by = versions::all);
    /// To every port where somebody might be.
    void call_everywhere(announcement value, versions by = versions::all);
    /// Whether it was sent: to an address that has proven nothing, no more bytes than came. It may
    /// be for a member, or for somebody who has asked.
    bool unicast(endpoint const& to, announcement value, member const* whom = nullptr);
    /// Whether it would be.
    bool affords(endpoint const& to, announcement const& value) const;
    /// It has spoken to this address of ours, and hears from it.
    void asked_at(endpoint const& by, asio::ip::address const& ours)
    {
        return_ways_.note(by, ours);
    }
    void forget_ways() noexcept { return_ways_.clear(); } ///< Our addresses are others.

    /// Not too often, and only as far as the other one has paid for it.
    void answer(asker const& to, announcement value, time_point now);

    /// Something has come from there, which may have shown that somebody receives there.
    void hear(endpoint const& from, std::size_t bytes, bool proven);
    /// What was told of this life came from there; or from one that was asked, in so many bytes.
    void note_told(life_id const& who, endpoint const& by) { postage_.told(who, by); }
    void note_vouched(endpoint const& by, std::size_t bytes) noexcept { postage_.vouch(by, bytes); }
    void note_vouched(std::size_t bytes) noexcept { postage_.vouch(bytes); }
    bool is_proven(endpoint const& at) const noexcept { return postage_.is_proven(at); }

    /// What only somebody who receives at this address can tell us.
    std::uint64_t cookie(endpoint const& to, time_point now) const;
    bool is_cookie(std::uint64_t value, endpoint const& from, time_point now) const;

private:
    bool may_say(message_type type) const noexcept;
    std::uint64_t cookie_of(endpoint const& to, std::uint64_t period) const;
    postage::recipient recipient_at(endpoint const& to, member const* whom) const;
    void send(announcement& value, outgoing datagram);
    std::vector<net::port_type> ports_of_others(bool everywhere) const;

    self_state& self_;
    link const& link_;
    registry const& known_;
    member_ptr own_;
    return_ways return_ways_;
    postage postage_;
};

} // namespace rollcast::detail
