// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"
#include "support/without_capability.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/asio/ip/multicast.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::sending_on;

namespace {

using octets = std::vector<unsigned char>;

/// What a router or a switch on the left end of link 1 is told of memberships.
class listening_router {
public:
    listening_router(unsigned interface_index, bool v4)
        : v4_(v4),
          socket_(::socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC,
                           v4 ? int(IPPROTO_IGMP) : int(IPPROTO_ICMPV6)))
    {
        auto const routers = asio::ip::make_address(v4 ? "224.0.0.22" : "ff02::16");
        asio::ip::udp::endpoint const where(routers, 0);
        group_req request{};
        request.gr_interface = interface_index;
        std::copy_n(reinterpret_cast<std::byte const*>(where.data()), where.size(),
                    reinterpret_cast<std::byte*>(&request.gr_group));
        BOOST_TEST_REQUIRE(::setsockopt(socket_, v4 ? int(IPPROTO_IP) : int(IPPROTO_IPV6),
                                        MCAST_JOIN_GROUP, &request, sizeof request) == 0);
    }
    listening_router(listening_router const&) = delete;
    ~listening_router() { ::close(socket_); }

    /// The next report of the group within that time: the kind of its record, 0 for none.
    int next_report_of(asio::ip::address const& group, std::chrono::milliseconds patience)
    {
        auto const end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd waiting{socket_, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
                return 0;
            octets packet(1500);
            auto const got = ::recv(socket_, packet.data(), packet.size(), 0);
            packet.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            if (auto const kind = kind_in(packet, group); kind != 0)
                return kind;
        }
    }

private:
    int kind_in(octets const& packet, asio::ip::address const& group) const
    {
        std::size_t const header = v4_ ? std::size_t(packet[0] & 0xf) * 4 : 0;
        std::size_t const size = v4_ ? 4 : 16;
        if (packet.size() < header + 8 || packet[header] != (v4_ ? 0x22 : 143))
            return 0;
        for (std::size_t at = header + 8; at + 4 + size <= packet.size();) {
            auto const sources = std::size_t(packet[at + 2]) << 8 | packet[at + 3];
            octets const told(packet.begin() + std::ptrdiff_t(at + 4),
                              packet.begin() + std::ptrdiff_t(at + 4 + size));
            if (told == octets_of(group))
                return packet[at];
            at += 4 + size + sources * size;
        }
        return 0;
    }

    static octets octets_of(asio::ip::address const& address)
    {
        if (address.is_v4()) {
            auto const bytes = address.to_v4().to_bytes();
            return {bytes.begin(), bytes.end()};
        }
        auto const bytes = address.to_v6().to_bytes();
        return {bytes.begin(), bytes.end()};
    }

    bool v4_;
    int socket_;
};

struct reporting_host : test::two_hosts {
    static constexpr std::chrono::milliseconds long_enough{5000};
    /// The kernel repeats each report within a second.
    static constexpr std::chrono::milliseconds quiet{1500};

    std::unique_ptr<listening_router> router(net::group const& group)
    {
        return left.within([&] {
            return std::make_unique<listening_router>(index_of(left, "e1"), group.address.is_v4());
        });
    }

    static void let_reports_pass(listening_router& router, net::group const& group)
    {
        BOOST_TEST(router.next_report_of(group.address, long_enough) != 0);
        while (router.next_report_of(group.address, quiet) != 0) {
        }
    }

    void is_still_heard(subscription& sub)
    {
        send(left, sending_on("e1", sub.config().group), "still heard");
        BOOST_TEST(next(sub).text() == "still heard");
    }

    enum class raw_sockets { allowed, forbidden };

    void the_network_hears_of_it_again(net::group const& group, raw_sockets allowance);
    void others_hold_it_too(net::group const& group, raw_sockets allowance);
    void a_switch_is_told_again(int igmp_version, raw_sockets allowance);
};

void reporting_host::the_network_hears_of_it_again(net::group const& group, raw_sockets allowance)
{
    auto const heard = router(group);
    right.within([&] {
        bool const by_leaving = allowance == raw_sockets::forbidden;
        std::optional<test::without_capability> denied;
        if (by_leaving)
            denied.emplace(CAP_NET_RAW);
        auto sub = joined(right, hearing_on("e1", group));
        let_reports_pass(*heard, group);
        sub.renew();
        BOOST_TEST(heard->next_report_of(group.address, long_enough) != 0);
        BOOST_TEST(sub.counters().renewals == (by_leaving ? 1U : 0U));
        BOOST_TEST(!sub.try_membership_changed().has_value());
        is_still_heard(sub);
    });
}

void reporting_host::others_hold_it_too(net::group const& group, raw_sockets allowance)
{
    auto const heard = router(group);
    right.within([&] {
        std::optional<test::without_capability> denied;
        if (allowance == raw_sockets::forbidden)
            denied.emplace(CAP_NET_RAW);
        auto sub = joined(right, hearing_on("e1", group));
        auto other = joined(right, hearing_on("e1", group));
        let_reports_pass(*heard, group);
        sub.renew();
        sub.renew();
        bool const is_told = heard->next_report_of(group.address, quiet) != 0;
        BOOST_TEST(is_told == (allowance == raw_sockets::allowed));
        BOOST_TEST(sub.counters().renewals == 0U);
        auto const event = sub.try_membership_changed();
        BOOST_REQUIRE(event.has_value() == (allowance == raw_sockets::forbidden));
        if (event)
            BOOST_TEST(to_string(event->change) == "unreported");
        BOOST_TEST(!sub.try_membership_changed().has_value()); // once is enough
        is_still_heard(sub);
        is_still_heard(other);
    });
}

/// By a bridge of Linux that follows memberships, and forgets them after two seconds, since it asks
/// but once.
void reporting_host::a_switch_is_told_again(int igmp_version, raw_sockets allowance)
{
    test::network_namespace const box;
    box.ip("link add br0 type bridge mcast_snooping 1 mcast_igmp_version " +
           std::to_string(igmp_version) +
           " mcast_query_interval 600000 mcast_startup_query_interval 600000 "
           "mcast_query_response_interval 100 mcast_membership_interval 200\n"
           "link set br0 type bridge mcast_querier 1\n"
           "link set br0 up");
    test::join_by_cable(3, {box, "p1", 3}, {left, "s1", 1});
    test::join_by_cable(3, {box, "p2", 4}, {right, "s1", 2});
    box.ip("link set p1 master br0\nlink set p2 master br0");
    auto config = hearing_on("s1", ipv4.any_source);
    config.renewal_interval = {};
    right.within([&] {
        std::optional<test::without_capability> denied;
        if (allowance == raw_sockets::forbidden)
            denied.emplace(CAP_NET_RAW);
        auto sub = joined(right, config);
        auto pub = opened(left, sending_on("s1", ipv4.any_source));
        auto const hears = [&] {
            error_code ec;
            pub.try_send(asio::buffer("hello", 5), ec);
            return sub.try_recv(ec).has_value();
        };
        // A bridge floods until it believes in the querier, though it is one itself.
        test::poll_until([&] { return hears(); });
        test::poll_until([&] { return !hears() && !hears(); }, std::chrono::seconds(20));
        BOOST_TEST(!hears());
        sub.renew();
        test::poll_until(hears);
    });
    box.ip("link del p1\nlink del p2");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_renewal, reporting_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_membership_that_is_renewed_is_reported_again)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        the_network_hears_of_it_again(group, raw_sockets::allowed);
        the_network_hears_of_it_again(group, raw_sockets::forbidden);
    }
}

BOOST_AUTO_TEST_CASE(a_membership_that_others_hold_is_reported_again_or_that_is_told)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        others_hold_it_too(group, raw_sockets::allowed);
        others_hold_it_too(group, raw_sockets::forbidden);
    }
}

BOOST_AUTO_TEST_CASE(a_source_specific_membership_is_reported_with_its_sources)
{
    auto const heard = router(ipv4.source_specific);
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv4.source_specific, "10.9.1.1"));
        let_reports_pass(*heard, ipv4.source_specific);
        sub.renew();
        constexpr int mode_is_include = 1; // RFC 3376, 4.2.12
        BOOST_TEST(heard->next_report_of(ipv4.source_specific.address, long_enough) ==
                   mode_is_include);
    });
}

BOOST_AUTO_TEST_CASE(a_silent_link_is_renewed_while_somebody_waits_and_one_that_is_heard_is_not)
{
    auto const heard = router(ipv4.any_source);
    right.within([&] {
        test::without_capability const denied(CAP_NET_RAW);
        auto config = hearing_on("e1", ipv4.any_source);
        config.renewal_interval = std::chrono::seconds(1);
        auto sub = joined(right, config);
        receiver all(context.get_executor());
        config.group = ipv4.other_any_source;
        auto const id = all.add(config);
        all.join(id);
        auto waiting = sub.recv(asio::use_future);
        auto of_all = all.recv(asio::use_future);
        test::run_until(context, [&] {
            return sub.counters().renewals == 1U && all.find(id)->counters().renewals == 1U;
        });
        send(left, sending_on("e1", ipv4.any_source), "heard");
        BOOST_TEST(test::result_of(context, std::move(waiting)).text() == "heard");
        waiting = sub.recv(asio::use_future);
        test::run_until(context, [&] { return all.find(id)->counters().renewals == 2U; });
        BOOST_TEST(sub.counters().renewals == 1U);
    });
}

BOOST_AUTO_TEST_CASE(one_that_polls_takes_no_renewal_from_another)
{
    right.within([&] {
        test::without_capability const denied(CAP_NET_RAW);
        auto config = hearing_on("e1", ipv4.any_source);
        config.renewal_interval = std::chrono::seconds(1);
        receiver waiting(context.get_executor());
        auto const id = waiting.add(config);
        waiting.join(id);
        receiver polling(context.get_executor());
        polling.join(polling.add(hearing_on("e2", ipv4.any_source)));
        auto pending = waiting.recv(asio::use_future);
        test::poll_until([&] {
            test::run_ready(context);
            error_code ec;
            (void)polling.try_recv_any(ec);
            return waiting.find(id)->counters().renewals == 2U;
        });
    });
}

BOOST_AUTO_TEST_CASE(a_cable_that_is_plugged_in_renews_the_membership)
{
    right.within([&] {
        test::without_capability const denied(CAP_NET_RAW);
        auto sub = joined(right, hearing_on("e1", ipv4.any_source));
        left.ip("link set e1 down");
        test::poll_until([&] { return is_empty(sub); });
        BOOST_TEST(sub.counters().renewals == 0U);
        left.ip("link set e1 up");
        test::poll_until([&] { return is_empty(sub) && sub.counters().renewals == 1U; });
        BOOST_TEST(!sub.try_membership_changed().has_value());
    });
}

BOOST_AUTO_TEST_CASE(one_that_is_not_joined_cannot_be_renewed)
{
    subscription sub(context.get_executor(), hearing_on("e1", ipv4.any_source));
    error_code ec;
    sub.renew(ec);
    BOOST_TEST(ec == error::not_joined);
}

BOOST_AUTO_TEST_CASE(a_switch_that_has_forgotten_is_told_again)
{
    a_switch_is_told_again(3, raw_sockets::allowed);
    a_switch_is_told_again(3, raw_sockets::forbidden);
}

BOOST_AUTO_TEST_CASE(a_switch_of_an_older_version_is_told_again)
{
    a_switch_is_told_again(2, raw_sockets::allowed);
}

BOOST_AUTO_TEST_SUITE_END()
