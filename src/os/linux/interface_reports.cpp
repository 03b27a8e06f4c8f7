// SPDX-License-Identifier: BSL-1.0
#include "os/linux/interface_reports.hpp"

#include "detail/operation.hpp"
#include "detail/wakeup.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/netlink.hpp"
#include "os/linux/without_netlink.hpp"
#include "os/report_inbox.hpp"

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

/// Interfaces also "go" from a bridge (AF_BRIDGE), and exist all the same.
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

bool is_about_route(nlmsghdr const& message) noexcept
{
    return message.nlmsg_type == RTM_NEWROUTE || message.nlmsg_type == RTM_DELROUTE;
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

void read_reports(std::span<std::byte> bytes, told_reports& into)
{
    auto left = static_cast<unsigned>(bytes.size());
    auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        if (is_about_queue(*message)) {
            into.queues.push_back(read_queue(*message));
            continue;
        }
        if (is_about_route(*message)) {
            into.of_routes = true;
            continue;
        }
        into.of_interfaces = true;
        if (tells_removal(*message))
            into.removed.push_back(
                static_cast<unsigned>(netlink_body<ifinfomsg>(*message).ifi_index));
    }
}

/// How often to look at the interfaces where the system denies reports.
constexpr auto look_interval = std::chrono::seconds(5);

/// Turns one kind of report on or off: netlink calls that a group and its membership.
void subscribe(native_socket reports, unsigned group, bool on) noexcept
{
    (void)::setsockopt(reports, SOL_NETLINK, on ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP,
                       &group, sizeof group);
}

} // namespace

result<owned_socket> open_reports()
{
    owned_socket socket(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (socket.is_open() &&
        ::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
        return socket;
    auto const ec = last_error();
    if (without_netlink::is_denied(ec))
        return owned_socket();
    return ec;
}

void change_topics(native_socket reports, report_topics before, report_topics wanted) noexcept
{
    if (before.routes != wanted.routes) {
        subscribe(reports, RTNLGRP_IPV4_ROUTE, wanted.routes);
        subscribe(reports, RTNLGRP_IPV6_ROUTE, wanted.routes);
    }
    if (before.queues != wanted.queues)
        subscribe(reports, RTNLGRP_TC, wanted.queues);
}

told_reports take_reports(native_socket reports)
{
    alignas(nlmsghdr) std::array<std::byte, 16384> bytes;
    told_reports told;
    for (;;) {
        auto const got = ::recv(reports, bytes.data(), bytes.size(), 0);
        // An overrun (ENOBUFS) is a report too: something changed, and the caller looks anew.
        if (got < 0 && errno != ENOBUFS)
            return told;
        if (got > 0)
            read_reports(std::span(bytes).first(static_cast<std::size_t>(got)), told);
        else
            told.of_interfaces = told.of_routes = true;
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

struct interface_reports::source {
    explicit source(asio::any_io_executor const& on)
        : executor(on), news(on), next_look(on, look_interval)
    {
        auto opened = report_inbox::open(executor, {}, [this] { news.notify(); });
        if (!opened)
            throw boost::system::system_error(opened.error(), "cannot watch interfaces");
        inbox = std::move(*opened);
    }

    error_code closed_reason() const noexcept
    {
        return closed ? asio::error::make_error_code(asio::error::operation_aborted) : error_code{};
    }

    asio::any_io_executor executor;
    detail::wakeup news;
    report_inbox inbox; ///< Not open where reports are denied.
    asio::steady_timer next_look;
    bool closed = false;
};

interface_reports::interface_reports(asio::any_io_executor executor)
    : source_(std::make_unique<source>(executor))
{
}

interface_reports::~interface_reports() = default;

asio::any_io_executor interface_reports::get_executor()
{
    return source_->executor;
}

asio::awaitable<void> interface_reports::wait()
{
    co_await asio::post(source_->executor, asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "changed");
        detail::throw_if(source_->closed_reason(), "changed");
        if (!source_->inbox.is_open()) {
            // A wait that is cancelled takes nothing from the next one.
            co_await source_->next_look.async_wait(asio::use_awaitable);
            source_->next_look.expires_after(look_interval);
            co_return;
        }
        if (source_->inbox.take().any)
            co_return;
        awaiting_reports const awaiting(source_->inbox);
        co_await source_->news.wait();
    }
}

void interface_reports::close()
{
    source_->closed = true;
    source_->news.notify();
    source_->next_look.cancel();
}

} // namespace rollcast::os
