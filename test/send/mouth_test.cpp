// SPDX-License-Identifier: BSL-1.0
#include "send/mouth.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

using namespace rollcast;
using test::ipv4;

namespace {

unsigned index_of_lo()
{
    return net::resolve(net::network_interface("lo"))->index;
}

struct speaker {
    asio::io_context context;
    send::mouth mouth{context.get_executor(), ipv4.any_source.address};
    std::array<char, 64> storage{};

    std::future<send::mouth::heard> hearing()
    {
        auto result = asio::co_spawn(context, mouth.hear(asio::buffer(storage)), asio::use_future);
        test::run_ready(context);
        return result;
    }

    /// Somebody sends to an address of this host.
    send::mouth::heard hear_at(std::string_view address, std::string_view text)
    {
        auto heard = hearing();
        asio::ip::udp::socket socket(context, {ipv4.loopback, 0});
        socket.send_to(asio::buffer(text), {asio::ip::make_address(address), mouth.port()});
        test::run_until(context, [&] { return test::is_ready(heard); });
        return heard.get();
    }
};

net::port_type free_port()
{
    asio::io_context context;
    asio::ip::udp::socket socket(context, {asio::ip::udp::v4(), 0});
    return socket.local_endpoint().port();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(mouth, speaker,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(it_hears_at_every_address_and_tells_which_and_by_what_interface)
{
    BOOST_TEST_REQUIRE(!mouth.open({}, 1).failed());
    for (std::string_view const address : {"127.0.0.1", "127.0.0.2"}) {
        auto const heard = hear_at(address, "there");
        BOOST_TEST(heard.bytes == 5U);
        BOOST_TEST(heard.destination == asio::ip::make_address(address));
        BOOST_TEST(heard.source.address() == ipv4.loopback);
        BOOST_TEST(heard.interface_index == index_of_lo());
    }
}

BOOST_AUTO_TEST_CASE(it_speaks_to_a_group_by_the_interface_that_is_named)
{
    auto const lo = *net::resolve(net::network_interface("lo"));
    subscription sub(context.get_executor(), test::hearing(ipv4.any_source));
    sub.join();
    BOOST_TEST_REQUIRE(!mouth.open({}, 1).failed());
    auto const from = send::mouth::way_to(ipv4.any_source, lo);
    BOOST_TEST_REQUIRE(from.has_value());
    BOOST_TEST(*from == ipv4.loopback);
    auto const to = ipv4.any_source.endpoint();
    BOOST_TEST(!mouth.say(asio::buffer("all", 3), to, *from, lo.index).failed());
    auto const heard = test::run(context, sub.recv());
    BOOST_TEST(heard.payload.size() == 3U);
    BOOST_TEST(heard.source == asio::ip::udp::endpoint(ipv4.loopback, mouth.port()));
}

BOOST_AUTO_TEST_CASE(from_an_address_that_is_gone_it_speaks_all_the_same)
{
    auto const lo = index_of_lo();
    send::mouth other(context.get_executor(), ipv4.any_source.address);
    BOOST_TEST_REQUIRE(!mouth.open({}, 1).failed());
    BOOST_TEST_REQUIRE(!other.open({}, 1).failed());
    auto heard = hearing();
    auto const gone = asio::ip::make_address("192.0.2.1");
    auto const ec = other.say(asio::buffer("x", 1), {ipv4.loopback, mouth.port()}, gone, lo);
    BOOST_TEST(!ec.failed());
    test::run_until(context, [&] { return test::is_ready(heard); });
    BOOST_TEST(heard.get().source == asio::ip::udp::endpoint(ipv4.loopback, other.port()));
}

BOOST_AUTO_TEST_CASE(it_takes_the_first_port_of_a_range_that_nobody_has)
{
    auto const port = free_port();
    auto const next = static_cast<net::port_type>(port + 1);
    net::port_range const range(port, next);
    send::mouth second(context.get_executor(), ipv4.any_source.address);
    send::mouth third(context.get_executor(), ipv4.any_source.address);
    BOOST_TEST_REQUIRE(!mouth.open(range, 1).failed());
    BOOST_TEST_REQUIRE(!second.open(range, 1).failed());
    BOOST_TEST(mouth.port() == port);
    BOOST_TEST(second.port() == next);
    BOOST_TEST(third.open(range, 1) == asio::error::address_in_use);
}

BOOST_AUTO_TEST_CASE(who_waits_hears_that_it_was_closed)
{
    BOOST_TEST_REQUIRE(!mouth.open({}, 1).failed());
    auto heard = hearing();
    mouth.close();
    test::run_until(context, [&] { return test::is_ready(heard); });
    BOOST_TEST(test::failure_of([&] { heard.get(); }) == asio::error::operation_aborted);
    auto again = hearing();
    test::run_until(context, [&] { return test::is_ready(again); });
    BOOST_TEST(test::failure_of([&] { again.get(); }) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_leave_by_is_an_error)
{
    BOOST_TEST_REQUIRE(!mouth.open({}, 1).failed());
    auto const to = ipv4.any_source.endpoint();
    BOOST_TEST(mouth.say(asio::buffer("x", 1), to, {}, 0x7fffffff).failed());
}

BOOST_AUTO_TEST_SUITE_END()
