// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace rollcast::cli {

/// Who answers on one link. Asks as a chart does that takes no part: nobody charts the asker.
class roll_call {
public:
    static constexpr auto patience = std::chrono::seconds(1);

    /// `config` without interfaces, which are those of the link.
    roll_call(asio::any_io_executor const& executor, net::interface_info on, chart_config config);

    net::interface_info const& interface() const noexcept { return on_; }

    /// By id, and how long it took to hear them.
    std::map<std::uint64_t, std::chrono::steady_clock::duration> const& heard() const noexcept
    {
        return heard_;
    }

    /// Whether anything could be sent there.
    bool is_audible() const noexcept { return sent_ != 0; }

    /// Datagrams on this port that were not meant for us.
    std::uint64_t foreign() const noexcept { return foreign_; }

    /// Calls on all links at once, for as long as `patience`. Links that cannot be used stay
    /// silent. Cancellation: any.
    static asio::awaitable<void> run(std::vector<std::unique_ptr<roll_call>> const& all);

private:
    void begin();
    void note();

    net::interface_info on_;
    rollcast::chart chart_;
    std::chrono::steady_clock::time_point began_{};
    std::map<std::uint64_t, std::chrono::steady_clock::duration> heard_;
    std::uint64_t foreign_ = 0;
    std::uint64_t sent_ = 0;
};

} // namespace rollcast::cli
