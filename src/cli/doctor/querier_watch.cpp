// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/querier_watch.hpp"

#include "cli/problem.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/generic/raw_protocol.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <vector>

namespace rollcast::cli {
namespace {

using raw = asio::generic::raw_protocol;

constexpr int igmp = 2;                        // RFC 1112
constexpr unsigned char membership_query = 17; // RFC 3376, section 4.1
constexpr unsigned char units_of_header = 4;   // RFC 791: the header's length is in words

/// Notes the senders of queries until it is cancelled.
asio::awaitable<void> note(raw::socket& from, std::set<asio::ip::address_v4>& into)
{
    std::array<unsigned char, 1500> packet;
    for (;;) {
        auto const size = co_await from.async_receive(asio::buffer(packet), asio::use_awaitable);
        auto const header = static_cast<std::size_t>((packet[0] & 0x0fU) * units_of_header);
        if (size > header && header >= 20 && packet[header] == membership_query)
            into.insert(asio::ip::address_v4({packet[12], packet[13], packet[14], packet[15]}));
    }
}

} // namespace

asio::awaitable<queriers> watch_for_queriers(std::chrono::nanoseconds how_long)
{
    using namespace asio::experimental::awaitable_operators;
    auto const executor = co_await asio::this_coro::executor;
    queriers result;
    raw::socket socket(executor);
    socket.open(raw(asio::ip::udp::v4().family(), igmp), result.why_not);
    if (result.why_not)
        co_return result;
    asio::steady_timer timer(executor, how_long);
    co_await (note(socket, result.heard) || timer.async_wait(asio::use_awaitable));
    co_return result;
}

finding told(queriers const& seen, std::chrono::nanoseconds waited)
{
    if (waited.count() == 0)
        return {"querier",
                {},
                health::unknown,
                "not listened for; switches that snoop need one: --wait 130 hears any"};
    bool const forbidden = seen.why_not == boost::system::errc::operation_not_permitted ||
                           seen.why_not == boost::system::errc::permission_denied;
    if (forbidden)
        return {"querier", {}, health::unknown, "not listened for, which needs root"};
    if (seen.why_not)
        return {"querier", {}, health::unknown, "not listened for: " + explain(seen.why_not)};
    std::vector<std::string> names;
    for (auto const& each : seen.heard)
        names.push_back(each.to_string());
    if (!names.empty())
        return {
            "querier", {}, health::ok, fmt::format("{} asks who listens", fmt::join(names, ", "))};
    return {"querier",
            {},
            health::warn,
            fmt::format("nobody asked who listens within {:g} s: a switch or bridge that snoops "
                        "forgets those who do",
                        std::chrono::duration<double>(waited).count()),
            "ip link set dev BRIDGE type bridge mcast_querier 1, on the bridge"};
}

} // namespace rollcast::cli
