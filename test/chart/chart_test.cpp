// SPDX-License-Identifier: BSL-1.0
#include "os/descriptors.hpp"
#include "support/sim_charts.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;
using boost::test_tools::per_element;
using test::failure_of;
using test::on_loopback;
using test::run;

namespace {

struct station {
    std::string name;
    int load = 0;
};
BOOST_DESCRIBE_STRUCT(station, (), (name, load))

void send_to_group(std::string_view text)
{
    asio::io_context context;
    auto config = test::sending({default_group_v4(), 8080});
    publication pub(context.get_executor(), config);
    error_code ec;
    pub.try_send(asio::buffer(text), ec);
    BOOST_TEST_REQUIRE(!ec.failed());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_object, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(two_charts_find_each_other)
{
    auto one = make(1);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    wait_until_found(other, 2);
    BOOST_TEST(one.size() == 2U);
    auto const peers = one.addr_vec();
    BOOST_TEST_REQUIRE(peers.size() == 1U);
    BOOST_TEST(peers[0].first == 2U);
    BOOST_TEST(peers[0].second ==
               asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 8002));
    BOOST_TEST((one.get_addr<asio::ip::udp>(2) ==
                asio::ip::udp::endpoint(asio::ip::make_address("127.0.0.1"), 8002)));
    BOOST_TEST(one.find(2)->life.bytes == other.our_life().bytes, per_element());
    BOOST_TEST(!one.find(3).has_value());
    BOOST_TEST(one.interfaces() == std::vector<std::string>{"lo"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_chart_takes_a_socket_for_its_link_and_one_to_speak_in_each_ip_version)
{
    auto one = make(1);
    auto const running = maintain(one);
    test::run_ready(context);
    auto const before = os::free_descriptors();
    auto other = make(2);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    // What the system reports comes by the socket of the first one.
    BOOST_TEST(before - os::free_descriptors() == 2 * other.groups().size());
}

BOOST_AUTO_TEST_CASE(an_instance_without_ports_is_charted_but_has_no_endpoint)
{
    auto config = on_loopback(2);
    config.service_ports.clear();
    auto one = make(1);
    chart other(context.get_executor(), config);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    BOOST_TEST(one.snapshot().size() == 1U);
    BOOST_TEST(one.addr_vec().empty());
    BOOST_TEST(!one.get_addr(2).has_value());
    BOOST_TEST(one.nth_addr_vec(1).empty());
}

BOOST_AUTO_TEST_CASE(however_often_data_is_updated_there_is_one_thing_to_do_and_the_last_counts)
{
    auto one = make(1);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(other, 2);
    auto events = other.events();
    test::run_ready(context);
    for (int i = 0; i <= 10'000; ++i)
        one.update(std::to_string(i));
    BOOST_TEST(one.our_data().size() == 5U);
    BOOST_TEST(context.poll() < 100U);
    while (next_about(events, 1).kind != event_kind::updated) {
    }
    BOOST_TEST(other.find(1)->text() == "10000");
}

BOOST_AUTO_TEST_CASE(unicast_ports_are_taken_in_order_one_by_each_instance_of_a_host)
{
    auto config = on_loopback(1);
    config.group_v6.reset();
    config.unicast_port = {41070, 41071};
    auto const is_free = [&](net::port_type port) {
        asio::ip::udp::socket socket(context, asio::ip::udp::v4());
        error_code ec;
        socket.bind({asio::ip::address_v4::loopback(), port}, ec);
        return !ec;
    };
    chart one(context.get_executor(), config);
    one.open();
    BOOST_TEST(!is_free(41070));
    BOOST_TEST(is_free(41071));
    chart other(context.get_executor(), config);
    other.open();
    BOOST_TEST(!is_free(41071));
    chart third(context.get_executor(), config);
    BOOST_TEST(failure_of([&] { third.open(); }) == error::unicast_ports_taken);
    BOOST_TEST(third.obstacles().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reader_holds_as_many_events_as_the_configuration_says)
{
    auto config = on_loopback(1);
    config.event_capacity = 2;
    chart one(context.get_executor(), config);
    auto events = one.events();
    auto const running = maintain(one);
    std::vector<chart> others;
    std::vector<std::future<void>> going;
    for (std::uint64_t id = 2; id <= 5; ++id) {
        others.push_back(make(id));
        going.push_back(maintain(others.back()));
    }
    wait_until_found(one, 5);
    BOOST_TEST(events.try_recv()->kind == event_kind::found);
    BOOST_TEST(events.try_recv()->kind == event_kind::found);
    BOOST_TEST(events.try_recv()->missed == 2U);
}

BOOST_AUTO_TEST_CASE(more_than_half_is_a_majority)
{
    auto one = make(1);
    auto const first = maintain(one);
    auto majority = one.found_majority(3, asio::use_future);
    auto everyone = one.found_everyone(3, asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(majority));
    auto other = make(2);
    auto const second = maintain(other);
    BOOST_TEST(!outcome(std::move(majority)).failed());
    BOOST_TEST(!test::is_ready(everyone));
    auto last = make(3);
    auto const third = maintain(last);
    BOOST_TEST(!outcome(std::move(everyone)).failed());
}

BOOST_AUTO_TEST_CASE(waiting_for_others_yields_to_a_timer)
{
    auto one = make(1);
    auto const first = maintain(one);
    run(context, one.found_everyone(1));
    auto const winner = run(context, [&]() -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(context, 20ms);
        auto const either =
            co_await (one.found_everyone(2) || timer.async_wait(asio::use_awaitable));
        co_return either.index();
    });
    BOOST_TEST(winner == 1U);
}

BOOST_AUTO_TEST_CASE(waiting_for_many_succeeds_though_the_reader_was_too_slow_for_all_their_events)
{
    auto one = make(1);
    auto const first = maintain(one);
    asio::io_context elsewhere;
    auto pending = asio::co_spawn(elsewhere, one.found_everyone(301), asio::use_future);
    test::run_ready(elsewhere);
    run(context, one.found_everyone(1));
    for (std::uint64_t id = 1000; id < 1300; ++id) {
        auto const hello = test::hello_of(id);
        send_to_group({reinterpret_cast<char const*>(hello.data()), hello.size()});
        test::run_ready(context);
    }
    test::run_until(context, [&] { return one.size() == 301; });
    test::run_ready(elsewhere);
    BOOST_TEST(test::is_ready(pending));
}

BOOST_AUTO_TEST_CASE(an_update_is_told_with_the_new_data)
{
    auto config = on_loopback(2);
    config.data = announce::encode(station{"north", 1});
    auto one = make(1);
    chart other(context.get_executor(), config);
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(other);
    auto const found = next_about(events, 2);
    BOOST_TEST(found.kind == event_kind::found);
    BOOST_TEST(found.who.data_as<station>()->name == "north");
    BOOST_TEST(found.size == 2U);
    other.update_as(station{"south", 5});
    auto const updated = next_about(events, 2);
    BOOST_TEST(updated.kind == event_kind::updated);
    BOOST_TEST(updated.who.data_as<station>()->load == 5);
    BOOST_TEST(one.find(2)->data_as<station>()->name == "south");
    BOOST_TEST((other.our_data() == announce::encode(station{"south", 5})));
    BOOST_TEST(updated.who.data_as<std::vector<std::string>>().error() == error::malformed);
}

BOOST_AUTO_TEST_CASE(data_that_does_not_fit_is_refused)
{
    auto one = make(1);
    std::vector<std::byte> const large(announce::max_data_size(1) + 1);
    BOOST_TEST(failure_of([&] { one.update(large); }) == error::data_too_large);
    BOOST_TEST(one.our_data().empty());
}

BOOST_AUTO_TEST_CASE(every_reader_gets_every_event)
{
    auto one = make(1);
    auto first_reader = one.notify();
    auto second_reader = one.notify();
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_TEST(next_about(first_reader, 2).kind == event_kind::found);
    BOOST_TEST(next_about(second_reader, 2).kind == event_kind::found);
}

BOOST_AUTO_TEST_CASE(a_silent_listener_learns_and_is_never_heard)
{
    auto one = make(1);
    auto listener = make(2);
    auto const first = maintain(one);
    auto const second = listener.sniff(asio::use_future);
    wait_until_found(listener, 2);
    BOOST_TEST(listener.counters().sent == 0U);
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(one.counters().received == 0U);
}

BOOST_AUTO_TEST_CASE(a_forgotten_instance_is_found_again)
{
    auto one = make(1);
    auto other = make(2);
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_TEST(next_about(events, 2).kind == event_kind::found);
    BOOST_TEST(one.forget(2));
    BOOST_TEST(!one.forget(2));
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(next_about(events, 2).kind == event_kind::forgotten);
    BOOST_TEST(next_about(events, 2).kind == event_kind::found);
}

BOOST_AUTO_TEST_CASE(charts_of_different_names_share_a_port_and_do_not_see_each_other)
{
    auto config = on_loopback(2);
    config.name = "another application";
    auto one = make(1);
    chart other(context.get_executor(), config);
    auto const first = maintain(one);
    auto const second = maintain(other);
    test::run_until(context,
                    [&] { return one.counters().foreign > 0 && other.counters().foreign > 0; });
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(other.size() == 1U);
}

BOOST_AUTO_TEST_CASE(garbage_is_counted_and_harms_nobody)
{
    auto one = make(1);
    auto const first = maintain(one);
    run(context, one.found_everyone(1));
    send_to_group("");
    send_to_group("garbage");
    send_to_group(std::string(60'000, 'x'));
    test::run_until(context, [&] { return one.counters().foreign == 3; });
    auto other = make(2);
    auto const second = maintain(other);
    wait_until_found(one, 2);
}

BOOST_AUTO_TEST_CASE(a_drawn_id_is_one_that_json_readers_keep)
{
    auto config = on_loopback(1);
    config.id.reset();
    chart one(context.get_executor(), config);
    chart other(context.get_executor(), config);
    BOOST_TEST(one.our_id() != other.our_id());
    BOOST_TEST(one.our_id() < std::uint64_t{1} << 53);
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_is_told_by_everything_that_starts)
{
    auto config = on_loopback(1);
    config.hop_limit = 300;
    chart wrong(context.get_executor(), config);
    auto events = wrong.notify();
    BOOST_TEST(failure_of([&] { wrong.open(); }) == error::invalid_hop_limit);
    BOOST_TEST(failure_of([&] { run(context, wrong.maintain()); }) == error::invalid_hop_limit);
    BOOST_TEST(failure_of([&] { run(context, events.recv()); }) == error::invalid_hop_limit);
    BOOST_TEST(failure_of([&] { run(context, wrong.found_everyone(2)); }) ==
               error::invalid_hop_limit);
    BOOST_TEST(wrong.interfaces().empty());
}

BOOST_AUTO_TEST_CASE(a_port_that_somebody_does_not_share_is_in_use)
{
    asio::ip::udp::socket owner(context, {asio::ip::udp::v4(), 8080});
    auto config = on_loopback(1);
    config.backup_ports.clear();
    chart one(context.get_executor(), config);
    BOOST_TEST(failure_of([&] { one.open(); }) == asio::error::address_in_use);
    BOOST_TEST(failure_of([&] { run(context, one.maintain()); }) == asio::error::address_in_use);
    owner.close();
    auto const running = maintain(one);
    run(context, one.found_everyone(1));
    BOOST_TEST(!test::is_ready(running));
}

BOOST_AUTO_TEST_CASE(opening_sends_nothing)
{
    auto one = make(1);
    auto listener = make(2);
    auto const second = listener.sniff(asio::use_future);
    run(context, listener.found_everyone(1));
    one.open();
    one.open();
    test::run_ready(context);
    BOOST_TEST(one.counters().sent == 0U);
    BOOST_TEST(one.interfaces() == std::vector<std::string>{"lo"}, per_element());
    auto const first = maintain(one);
    wait_until_found(listener, 2);
}

BOOST_AUTO_TEST_CASE(a_moved_chart_goes_on)
{
    auto one = make(1);
    auto const first = maintain(one);
    run(context, one.found_everyone(1));
    auto moved = std::move(one);
    auto other = make(2);
    auto const second = maintain(other);
    wait_until_found(moved, 2);
    BOOST_TEST(moved.our_service_port().value() == 8001);
}

BOOST_AUTO_TEST_SUITE_END()
