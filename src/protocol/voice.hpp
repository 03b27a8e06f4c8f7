// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/codec.hpp"
#include "protocol/postage.hpp"
#include "protocol/registry.hpp"
#include "protocol/return_ways.hpp"
#include "protocol/self.hpp"

#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// An instance that has asked something; its address may be forged.
struct asker {
    endpoint where{};
    bool proven = false;   ///< The datagram echoes a cookie of ours.
    bool member = false;   ///< A member that has proven itself hears at this address.
    bool observer = false; ///< The asker says that it is no member.
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

    /// Whether we have to contradict what is told of our own life: no instance can know a higher
    /// incarnation than ours, nor a record that is not older than ours and that we never had.
    bool overrules(identity const& who, record_view const& told) const;

    /// An announcement of this type, with everything that is in all of them.
    announcement speak(message_type type) const;

    /// To the main discovery port, and to those of proven members.
    void multicast(announcement value, versions by = versions::all);
    /// The same, and to all backup ports.
    void call_everywhere(announcement value, versions by = versions::all);
    /// Gives whether it was sent: to an address that has proven nothing goes no more than its
    /// postage pays for. `whom` is the member it is for; none where it answers an asker.
    bool unicast(endpoint const& to, announcement value, member const* whom = nullptr);
    /// Whether it would be sent to an asker at this address.
    bool affords(endpoint const& to, announcement const& value) const;
    /// This endpoint has spoken to this address of ours, and is answered from it.
    void asked_at(endpoint const& by, asio::ip::address const& ours)
    {
        return_ways_.note(by, ours);
    }
    void forget_ways() noexcept { return_ways_.clear(); } ///< Our addresses have changed.

    /// Only within the rate limits for answers, and as far as the postage of the asker pays for it.
    void answer(asker const& to, announcement value, time_point now);

    /// So many bytes have come from this endpoint; if `proven`, they have shown that an instance
    /// receives there.
    void hear(endpoint const& from, std::size_t bytes, bool proven);
    /// See `postage::told` and `postage::vouch`.
    void note_told(life_id const& who, endpoint const& by) { postage_.told(who, by); }
    void note_vouched(endpoint const& by, std::size_t bytes) noexcept { postage_.vouch(by, bytes); }
    void note_vouched(std::size_t bytes) noexcept { postage_.vouch(bytes); }
    bool is_proven(endpoint const& at) const noexcept { return postage_.is_proven(at); }

    /// What only an instance that receives at this endpoint can echo.
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
