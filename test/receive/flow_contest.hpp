// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/two_hosts.hpp"

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace rollcast::test {

/// Two subscriptions of one port, and how to send to each of them.
struct contest {
    struct side {
        subscription_config ear;
        publication_config mouth;
    };
    std::array<side, 2> sides;
};

/// What one of them has heard. A text begins with the number of the side it was sent to.
class tally {
public:
    explicit tally(std::size_t side) : side_(side) {}

    void note(std::string_view text);
    bool is_complete() const noexcept;
    std::size_t heard() const noexcept { return own_.size(); }
    void check() const;

private:
    std::size_t side_;
    std::set<std::string, std::less<>> own_{};
    std::size_t repeated_ = 0;
    std::size_t foreign_ = 0;
    bool ended_ = false;
};

/// Sends many flows of one datagram each from the left host to one of two subscriptions on the
/// right one, then as many to the other, and sees that each has heard its own, once, and nothing
/// else. Many flows, because a kernel that balances picks the socket by a hash of the flow.
struct flow_contest : two_hosts {
    static constexpr std::size_t flows = 200;

    void in_one_process(contest const& of);
    void in_two_processes(contest const& of);
    void through_a_receiver(contest const& of);

private:
    void send_flow(contest const& of, std::size_t side, std::string const& text);
    void send_to_both(contest const& of);
    void let_them_hear(std::size_t side, std::size_t sent);
    void compete(contest const& of);

    std::array<tally, 2> tallies_{tally(0), tally(1)};
    net::port_type last_port_ = 20000;
};

} // namespace rollcast::test
