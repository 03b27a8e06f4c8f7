// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/group_key.hpp"
#include "protocol/link.hpp"
#include "protocol/random_source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::test {

/// Somebody on the link who knows the name of the application, hears the group, and can send
/// anything from any address, but receives nothing that is sent to these: it forges, records and
/// replays.
class sim_attacker {
public:
    using bytes = std::vector<std::byte>;

    explicit sim_attacker(std::uint64_t seed) : random_(seed) {}

    /// Records what it will replay, flip and cut off, 500 datagrams at most.
    void overhear(bytes const& datagram);

    /// Anything, to be sent to one of them; something must have been overheard.
    bytes next();
    /// Anything, to be sent to the group, where those it concerns hear it, too.
    bytes next_for_all();
    detail::arrival from(unsigned link) { return {link, source(), pick(2) == 0}; }
    detail::endpoint source();

    // One thing at a time.
    /// A life that nobody has, of an id that somebody may have.
    identity forged(std::uint64_t id, std::uint64_t incarnation);
    /// A datagram of this type in the name of `who`, with whatever it must have: an own record that
    /// lists `told` where it has one, and a chart that nobody else has.
    bytes say(message_type type, identity const& who, detail::endpoint const& told,
              announcement says = {});
    /// The same with a record of one's own making.
    bytes say_hello(identity const& who, record const& told);
    /// The record of somebody who hears unicast there.
    static record record_at(detail::endpoint const& told);

private:
    std::size_t pick(std::size_t below) { return random_.next() % below; }
    bytes noise();
    bytes truncated();
    bytes flipped();
    identity forged() { return forged(random_.next(), start_of_time + pick(1000)); }
    identity known();
    identity other_life();
    bytes claim();
    bytes rumour();
    bytes accusation();
    bytes impersonation();
    bytes record_bytes();
    bytes seal(announcement value);
    bytes hello();
    bytes digest();
    bytes records();

    static constexpr std::uint64_t start_of_time = 1'700'000'000'000;

    detail::random_source random_;
    std::vector<bytes> captured_;
};

} // namespace rollcast::test
