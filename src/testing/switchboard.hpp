// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"
#include "testing/agenda.hpp"

#include <rollcast/net/group.hpp>
#include <rollcast/testing/network.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <random>
#include <set>
#include <span>
#include <utility>

namespace rollcast::testing::detail {

class memory_carrier;
class switchboard;

using rollcast::detail::arrival;
using rollcast::detail::endpoint;
using rollcast::detail::outgoing;

/// What a host is like just now.
struct machine {
    std::shared_ptr<switchboard> board;
    unsigned number = 0; ///< From 1 on.
    asio::ip::address_v4 v4{};
    asio::ip::address_v6 v6{};
    bool plugged_in = true;
    error_code obstruction{}; ///< Why nothing can be sent.
    error_code refusal{};     ///< Why nothing can be opened.

    net::interface_info interface() const;
};

/// Joins the carriers of a network.
class switchboard {
public:
    explicit switchboard(std::uint64_t seed) : chance_(seed) {}

    agenda& plans() noexcept { return plans_; }
    std::uint64_t random_number() { return chance_(); }

    /// Carriers hear from `connect` until they are gone or disconnected.
    void connect(std::shared_ptr<memory_carrier> const& which) { carriers_.push_back(which); }
    void disconnect(memory_carrier const& which);
    std::vector<std::shared_ptr<memory_carrier>> carriers_of(machine const& host) const;

    void set_conditions(conditions const& how) { how_ = how; }
    void cut(machine const& from, machine const& to) { cuts_.emplace(from.number, to.number); }
    void heal() { cuts_.clear(); }

    /// Carries a datagram for a group to all who hear it there, the sender included.
    void carry(memory_carrier const& from, endpoint const& source, net::group const& to,
               std::span<std::byte const> bytes);
    /// Carries a datagram to the one who has this address and port.
    void carry(memory_carrier const& from, endpoint const& source, endpoint const& to,
               std::span<std::byte const> bytes);

    std::shared_ptr<machine> add_machine(std::shared_ptr<switchboard> const& self);

private:
    void deliver(memory_carrier const& from, std::shared_ptr<memory_carrier> const& to,
                 std::shared_ptr<std::vector<std::byte> const> const& bytes, arrival const& how);
    rollcast::detail::duration time_on_the_way();

    agenda plans_;
    std::mt19937_64 chance_;
    conditions how_;
    unsigned machines_ = 0;
    std::vector<std::weak_ptr<memory_carrier>> carriers_;
    std::set<std::pair<unsigned, unsigned>> cuts_; ///< Numbers of machines: from, to.
};

} // namespace rollcast::testing::detail
