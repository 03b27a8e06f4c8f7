// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/subscription_config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace rollcast::bench {

/// A way to wait for single datagrams of a group.
class listener {
public:
    using seen = std::function<void(std::span<std::byte const>)>;

    virtual ~listener() = default;
    virtual boost::asio::awaitable<void> hear(std::size_t count, seen const& each) = 0;
};

struct listener_kind {
    std::string_view name;
    std::unique_ptr<listener> (*make)(boost::asio::io_context&, net::group const&);
};

/// So that nothing leaves this machine.
subscription_config on_lo(net::group const& group);

/// The first is what a user would write with Asio alone.
std::span<listener_kind const> listener_kinds() noexcept;

} // namespace rollcast::bench
