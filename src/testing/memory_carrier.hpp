// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "carrier/carrier.hpp"
#include "testing/switchboard.hpp"

#include <rollcast/chart/chart_config.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace rollcast::testing::detail {

using rollcast::detail::carrier;
using rollcast::detail::carrier_listener;
using rollcast::detail::link;

/// Carries the datagrams of a chart through memory.
class memory_carrier final : public carrier, public std::enable_shared_from_this<memory_carrier> {
public:
    memory_carrier(asio::any_io_executor executor, std::shared_ptr<machine> where,
                   chart_config const& config);

    error_code open() override;
    void attend(std::weak_ptr<carrier_listener> listener) override;
    void close() override;

    std::vector<link> links() const override;
    net::port_type discovery_port() const override { return discovery_port_; }
    tally send(std::span<outgoing const> datagrams) override;
    std::vector<event> take_reports() override { return std::exchange(reports_, {}); }
    std::vector<net::interface_info> interfaces() const override;
    std::vector<net::group> groups() const override;
    std::vector<interface_obstacle> obstacles() const override;

    // What the network does with it.
    machine const& where() const noexcept { return *where_; }
    /// Whether what this one says can reach the other one, as far as both are asked.
    bool reaches(memory_carrier const& other, bool by_multicast) const;
    bool hears(net::group const& which) const;
    bool is_at(endpoint const& which) const;
    void receive(std::shared_ptr<std::vector<std::byte> const> datagram, arrival const& how);
    /// The cable was plugged in or out.
    void note_cable();
    /// Sending has failed or works again, though it did otherwise before.
    void note_obstruction(error_code const& why);

private:
    enum class state { made, open, attended, closed };

    error_code take_port();
    template <class Tell>
    void tell(Tell what);
    void say(outgoing const& what, bool v4, tally& counts);
    void report(event_kind kind, error_code const& why = {});

    asio::any_io_executor executor_;
    std::shared_ptr<machine> where_;
    net::port_type discovery_port_;
    std::optional<net::group> group_v4_;
    std::optional<net::group> group_v6_;
    net::port_range ports_;
    net::port_type port_ = 0; ///< What is for this chart alone arrives there.
    bool is_local_;           ///< It meets others on its own host only.
    int hop_limit_;
    bool waits_for_interface_;
    state state_ = state::made;
    error_code refused_{}; ///< Why it did not open.
    std::weak_ptr<carrier_listener> listener_;
    std::vector<event> reports_;
};

} // namespace rollcast::testing::detail
