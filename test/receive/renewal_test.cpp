// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/asio/ip/multicast.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
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

    void the_network_hears_of_it_again(net::group const& group, bool somebody_else);
};

void reporting_host::the_network_hears_of_it_again(net::group const& group, bool somebody_else)
{
    bool const v4 = group.address.is_v4();
    listening_router* heard = nullptr;
    auto router =
        left.within([&] { return std::make_unique<listening_router>(index_of(left, "e1"), v4); });
    heard = router.get();
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", group));
        std::optional<subscription> other;
        if (somebody_else)
            other = joined(right, hearing_on("e1", group));
        BOOST_TEST(heard->next_report_of(group.address, long_enough) != 0);
        while (heard->next_report_of(group.address, quiet) != 0) {
        }
        sub.renew();
        BOOST_TEST(heard->next_report_of(group.address, long_enough) != 0);
        BOOST_TEST(sub.counters().renewals == (somebody_else ? 0U : 1U));
        BOOST_TEST(!sub.try_membership_changed().has_value());
        send(left, sending_on("e1", group), "still heard");
        BOOST_TEST(next(sub).text() == "still heard");
    });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_renewal, reporting_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_membership_that_is_renewed_is_reported_again)
{
    the_network_hears_of_it_again(ipv4.any_source, false);
    the_network_hears_of_it_again(ipv6.any_source, false);
}

BOOST_AUTO_TEST_CASE(a_membership_that_others_hold_too_is_reported_again)
{
    the_network_hears_of_it_again(ipv4.any_source, true);
    the_network_hears_of_it_again(ipv6.any_source, true);
}

BOOST_AUTO_TEST_CASE(a_cable_that_is_plugged_in_renews_the_membership)
{
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv4.any_source));
        left.ip("link set e1 down");
        BOOST_TEST(is_empty(sub));
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

BOOST_AUTO_TEST_SUITE_END()
