// SPDX-License-Identifier: BSL-1.0
#include "os/interfaces.hpp"

#include "detail/operation.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/netlink.hpp"
#include "os/linux/without_netlink.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

constexpr std::array<std::string_view, 4> kinds_that_cut{"tbf", "cake", "netem", "taprio"};

/// Interfaces also "go" from a bridge, which is no matter of ours.
bool tells_removal(nlmsghdr const& message) noexcept
{
    return message.nlmsg_type == RTM_DELLINK &&
           message.nlmsg_len >= NLMSG_LENGTH(sizeof(ifinfomsg)) &&
           netlink_body<ifinfomsg>(message).ifi_family == AF_UNSPEC;
}

bool is_about_queue(nlmsghdr const& message) noexcept
{
    return (message.nlmsg_type == RTM_NEWQDISC || message.nlmsg_type == RTM_DELQDISC) &&
           message.nlmsg_len >= NLMSG_LENGTH(sizeof(tcmsg));
}

bool is_of_a_kind_that_cuts(nlmsghdr const& message)
{
    bool cuts = false;
    netlink_attributes<tcmsg>(message, [&](auto type, std::span<std::byte const> bytes) {
        std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        auto const kind = text.substr(0, text.find('\0'));
        if (type == TCA_KIND)
            cuts = std::ranges::find(kinds_that_cut, kind) != kinds_that_cut.end();
    });
    return cuts;
}

queue_change read_queue(nlmsghdr const& message)
{
    bool const there = message.nlmsg_type == RTM_NEWQDISC;
    auto const& queue = netlink_body<tcmsg>(message);
    return {static_cast<unsigned>(queue.tcm_ifindex), queue.tcm_handle,
            there && is_of_a_kind_that_cuts(message)};
}

void read_reports(std::span<std::byte> bytes, report_summary& into)
{
    auto left = static_cast<unsigned>(bytes.size());
    auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        if (is_about_queue(*message)) {
            into.queues.push_back(read_queue(*message));
            continue;
        }
        into.any = true;
        if (tells_removal(*message))
            into.removed.push_back(
                static_cast<unsigned>(netlink_body<ifinfomsg>(*message).ifi_index));
    }
}

/// How often whoever is denied reports is to look for itself.
constexpr auto look_interval = std::chrono::seconds(5);

owned_socket open_or_throw()
{
    auto socket = open_reports();
    if (!socket)
        throw boost::system::system_error(socket.error(), "cannot watch interfaces");
    return std::move(*socket);
}

} // namespace

result<owned_socket> open_reports(report_topics topics)
{
    owned_socket socket(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (topics.routes)
        address.nl_groups |= RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (topics.queues)
        address.nl_groups |= RTMGRP_TC;
    if (socket.is_open() &&
        ::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
        return socket;
    auto const ec = last_error();
    if (without_netlink::is_denied(ec))
        return owned_socket();
    return ec;
}

report_summary take_reports(native_socket reports)
{
    alignas(nlmsghdr) std::array<std::byte, 16384> bytes;
    report_summary summary;
    for (;;) {
        auto const got = ::recv(reports, bytes.data(), bytes.size(), 0);
        // An overrun (ENOBUFS) is a report too: something changed, and the caller looks anew.
        if (got < 0 && errno != ENOBUFS)
            return summary;
        if (got > 0)
            read_reports(std::span(bytes).first(static_cast<std::size_t>(got)), summary);
        else
            summary.any = true;
    }
}

std::vector<std::uint32_t> cutting_queues(unsigned interface_index)
{
    tcmsg body{};
    body.tcm_ifindex = static_cast<int>(interface_index);
    netlink_request request(RTM_GETQDISC, NLM_F_DUMP, body);
    std::vector<std::uint32_t> handles;
    (void)netlink_ask(request, [&](nlmsghdr const& message) {
        if (!is_about_queue(message))
            return;
        auto const queue = read_queue(message);
        if (queue.cuts_runs && queue.interface_index == interface_index)
            handles.push_back(queue.handle);
    });
    return handles;
}

struct interface_reports::socket {
    explicit socket(asio::any_io_executor executor)
        : descriptor(executor), next_look(executor, look_interval)
    {
        if (auto told = open_or_throw(); told.is_open())
            descriptor.assign(told.release());
    }

    error_code closed_reason() const noexcept
    {
        return closed ? asio::error::make_error_code(asio::error::operation_aborted) : error_code{};
    }

    asio::posix::stream_descriptor descriptor; ///< Not open where reports are denied.
    asio::steady_timer next_look;
    bool closed = false;
};

interface_reports::interface_reports(asio::any_io_executor executor)
    : socket_(std::make_unique<socket>(std::move(executor)))
{
}

interface_reports::~interface_reports() = default;

asio::any_io_executor interface_reports::get_executor()
{
    return socket_->descriptor.get_executor();
}

asio::awaitable<void> interface_reports::wait()
{
    co_await asio::post(socket_->descriptor.get_executor(), asio::use_awaitable);
    for (bool any = false; !any;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "changed");
        detail::throw_if(socket_->closed_reason(), "changed");
        if (!socket_->descriptor.is_open()) {
            // A wait that is cancelled takes nothing from the next one.
            co_await socket_->next_look.async_wait(asio::use_awaitable);
            socket_->next_look.expires_after(look_interval);
            co_return;
        }
        any = take_reports(socket_->descriptor.native_handle()).any;
        if (!any)
            co_await socket_->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                                    asio::use_awaitable);
    }
}

void interface_reports::close()
{
    error_code ignored;
    socket_->closed = true;
    socket_->descriptor.close(ignored);
    socket_->next_look.cancel();
}

} // namespace rollcast::os
