// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/member.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace rollcast::detail {

/// An address that an instance tells of itself, and what was seen of it on one link.
struct known_address {
    asio::ip::address address{};
    bool answered = false; ///< It has echoed a cookie, and has not failed since.
    bool spoke = false;    ///< A datagram that was for us alone came from it.
    bool failed = false;   ///< It was asked in vain several times since it last answered.
};

/// Which addresses of the members of a link have been seen to work, and so where to reach them.
///
/// A record may list addresses that cannot be reached from this host, such as those of a subnet
/// that only other hosts share. Only members with several addresses are remembered, and not too
/// many: the addresses of other members are ranked without what was seen.
class sightings {
public:
    /// Members. Beyond that the one not used for longest is forgotten.
    static constexpr std::size_t most_remembered = 1024;

    explicit sightings(link const& on) : link_(on) {}

    /// Where the member is reached best: where it has answered, else in a subnet of ours, else at
    /// its link-local address, else anywhere; of equals where it has spoken, then where our own
    /// address is most like its. Last comes where it has been asked in vain. None if it has no
    /// address in an IP version of the link.
    std::optional<endpoint> best(member const& whom) const;

    /// Where to ask the member next, the best choice first: at the address asked in vain least
    /// often, so that PINGs without an answer go round all addresses. Nothing but the last address
    /// asked while its answer is under way.
    std::vector<endpoint> in_turn(member const& whom, time_point now) const;

    /// Addresses of which it is to be found out whether they work: of those in the order in which
    /// an application gets them, the ones before the first that does. One that has failed is left
    /// out for some time. The address to ask next comes first.
    std::vector<endpoint> unseen(member const& whom, time_point now) const;

    /// The best of several addresses, unless it was asked within half a beat interval.
    std::optional<endpoint> best_to_ask(member const& whom, time_point now) const;

    /// The member was asked at this address.
    void asked(member const& whom, endpoint const& where, time_point now);

    /// The member has echoed a cookie for this address.
    void answered(member const& who, endpoint const& source);
    /// The member has sent us a unicast from this address.
    void spoke(member const& who, endpoint const& source);

    /// Whether the member has answered at this address, or would be asked there as its best one.
    bool hears_at(member const& who, endpoint const& where) const;

    /// All addresses of the member's record in their order.
    std::vector<known_address> known(member const& who) const;

    void forget() noexcept; ///< The link has changed its addresses.

    std::uint64_t version() const noexcept { return version_; } ///< Grows with every change.
    std::size_t size() const noexcept { return all_.size(); }

private:
    struct place {
        asio::ip::address address;
        net::port_type port;
        bool answered = false;
        bool spoke = false;
        unsigned unanswered = 0; ///< PINGs since the last answer.
        time_point asked{};      ///< For the last time.

        endpoint where(unsigned link) const { return {on_link(address, link), port}; }
        bool has_failed() const noexcept;
    };
    using places = std::vector<place>;
    struct entry {
        life_id life;
        places all;
        std::uint64_t used = 0; ///< By `uses_`: the smallest is forgotten first.
    };

    places places_of(member const& who) const;
    places ranked(member const& who) const;
    std::vector<endpoint> least_asked_first(places all) const;
    place* remember(member const& who, asio::ip::address const& which);
    void make_room();

    link const& link_;
    std::unordered_map<std::uint64_t, entry> all_;
    std::uint64_t version_ = 0;
    std::uint64_t uses_ = 0;
};

} // namespace rollcast::detail
