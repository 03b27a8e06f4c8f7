// SPDX-License-Identifier: BSL-1.0
#include "cli/new_addresses.hpp"

#include "cli/problem.hpp"

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace rollcast::cli {
namespace {

/// One probe a second after a delay of up to one (RFC 4862, 5.4), and a second for slow machines.
constexpr auto patience = std::chrono::seconds(3);
constexpr auto before_another_try = std::chrono::milliseconds(50);

bool is_awaited(net::interface_info const& which)
{
    return std::ranges::any_of(which.unusable, [](auto const& each) { return !each.duplicate; });
}

bool is_for_want_of_an_address(error_code const& ec)
{
    return ec == boost::system::errc::address_not_available ||
           ec == asio::error::network_unreachable || ec == error::no_usable_interface ||
           ec == error::no_multicast_route || ec == error::source_not_local;
}

} // namespace

asio::awaitable<bool> new_addresses::have_come(error_code const& failure)
{
    auto const all = net::list_interfaces();
    if (!all || !is_for_want_of_an_address(failure) || std::ranges::none_of(*all, is_awaited) ||
        std::chrono::steady_clock::now() - begun_ > patience)
        co_return false;
    asio::steady_timer timer(co_await asio::this_coro::executor, before_another_try);
    co_await timer.async_wait(asio::use_awaitable);
    co_return true;
}

void new_addresses::complain_of_duplicates()
{
    auto const all = net::list_interfaces();
    if (!all)
        return;
    for (auto const& interface : *all)
        for (auto const& each : interface.unusable)
            if (each.duplicate)
                complain(
                    fmt::format("{}: another host has {}, too, so that it cannot be used; give "
                                "one of them another address",
                                interface.name, each.address.to_string()));
}

} // namespace rollcast::cli
