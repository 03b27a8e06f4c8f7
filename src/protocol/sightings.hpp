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
    bool answered = false; ///< It did when it was asked last.
    bool spoke = false;    ///< Something that was for us alone came from it.
    bool failed = false;   ///< It was asked several times, and has not answered since.
};

/// Which addresses of the members of a link have been seen to work, and so where to reach them.
///
/// A record may list addresses that cannot be reached from here, such as those of a subnet that
/// only others share. Only members with several addresses are remembered, and not too many: the
/// others are where the order of their addresses says.
class sightings {
public:
    static constexpr std::size_t most_remembered = 1024;

    explicit sightings(link const& on) : link_(on) {}

    /// Where it is reached best: where it has answered, else in a subnet of ours, else at its
    /// link-local address, else where our own address is most like its, and last where it has been
    /// asked in vain. None if it has no address in an IP version of the link.
    std::optional<endpoint> best(member const& whom) const;

    /// Where to ask it next, the best choice first. Who has not answered at one address is asked
    /// at the next one, and after the last one at the first again.
    std::vector<endpoint> in_turn(member const& whom, time_point now) const;

    /// The address to hand out first, or a better one that failed long ago, if nobody knows whether
    /// it works; and those to hand out next, up to one that does. Where to ask next comes first.
    std::vector<endpoint> unseen(member const& whom, time_point now) const;

    /// The best one, unless it was asked just now.
    std::optional<endpoint> best_to_ask(member const& whom, time_point now) const;

    /// It was asked there.
    void asked(member const& whom, endpoint const& where, time_point now);

    /// It has echoed what was sent to that address.
    void answered(member const& who, endpoint const& source);
    /// It said something to us alone.
    void spoke(member const& who, endpoint const& source);

    /// Whether it has shown that it hears there.
    bool hears_at(member const& who, endpoint const& where) const;

    /// All addresses of its record in their order.
    std::vector<known_address> known(member const& who) const;

    void forget() noexcept; ///< The link is another one.

    std::uint64_t version() const noexcept { return version_; } ///< Grows with every change.
    std::size_t size() const noexcept { return all_.size(); }

private:
    struct place {
        asio::ip::address address;
        net::port_type port;
        bool answered = false;
        bool spoke = false;
        unsigned unanswered = 0;
        time_point asked{};

        endpoint where(unsigned link) const { return {on_link(address, link), port}; }
        bool has_failed() const noexcept;
    };
    using places = std::vector<place>;
    struct entry {
        life_id life;
        places all;
        std::uint64_t used = 0;
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
