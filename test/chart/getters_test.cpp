// SPDX-License-Identifier: BSL-1.0
#include "chart/event_queue.hpp"
#include "support/sim_charts.hpp"

#include <boost/test/unit_test.hpp>

// How a program asks a chart where others are and what they tell.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::failure_of;
using test::on_loopback;
using test::run;
using endpoint = asio::ip::tcp::endpoint;

namespace {

struct weather {
    std::string place;
    int degrees = 0;
    friend bool operator==(weather const&, weather const&) = default;
};
BOOST_DESCRIBE_STRUCT(weather, (), (place, degrees))

struct other_type {
    std::vector<std::string> words;
};
BOOST_DESCRIBE_STRUCT(other_type, (), (words))

endpoint local(net::port_type port)
{
    return {asio::ip::make_address("127.0.0.1"), port};
}

/// A reader of what it asks, and one with two named ports and typed data.
struct two_charts : test::charts {
    chart reader = make_with({}, {});
    notifications events = reader.notify();
    chart told = make_with({8042, 8043}, announce::encode(weather{"Oslo", -3}), 2);
    std::future<void> first = maintain(reader);
    std::future<void> second = maintain(told);

    chart make_with(std::vector<net::port_type> ports, std::vector<std::byte> data,
                    std::uint64_t id = 1)
    {
        auto config = on_loopback(id);
        config.service_ports = std::move(ports);
        config.data = std::move(data);
        return chart(context.get_executor(), config);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_getters, two_charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(every_port_of_an_instance_is_reached_at_its_best_address)
{
    wait_until_found(reader, 2);
    BOOST_TEST(reader.get_addr(2).value() == local(8042));
    BOOST_TEST(reader.get_nth_addr(2, 1).value() == local(8043));
    BOOST_TEST(!reader.get_nth_addr(2, 2).has_value());
    BOOST_TEST(reader.get_addr_list(2) == (std::vector{local(8042), local(8043)}), per_element());
    auto const lists = reader.addr_lists_vec();
    BOOST_TEST_REQUIRE(lists.size() == 1U);
    BOOST_TEST(lists[0].first == 2U);
    BOOST_TEST(lists[0].second.size() == 2U);
    BOOST_TEST(told.addr_lists_vec().empty()); // the reader serves nothing
    for (auto const nobody : {std::uint64_t{1}, std::uint64_t{3}}) {
        BOOST_TEST(!reader.get_addr(nobody).has_value());
        BOOST_TEST(reader.get_addr_list(nobody).empty());
        BOOST_TEST(!reader.get_data(nobody).has_value());
    }
}

BOOST_AUTO_TEST_CASE(ports_go_by_the_names_that_each_instance_gives_them)
{
    auto config = on_loopback(3);
    config.service_ports = {9000};
    config.services = {{"web", 9001}, {"admin", 9002}};
    chart third(context.get_executor(), config);
    config = on_loopback(4);
    config.services = {{"admin", 9100}};
    config.service_ports.clear();
    chart fourth(context.get_executor(), config);
    auto const running = std::pair(maintain(third), maintain(fourth));
    wait_until_found(reader, 4);
    BOOST_TEST(reader.get_addr(3, "web").value() == local(9001));
    BOOST_TEST(reader.get_addr(4, "admin").value() == local(9100));
    BOOST_TEST(!reader.get_addr(2, "web").has_value());
    BOOST_TEST(!reader.get_addr(9, "web").has_value());
    auto const admins = reader.addr_vec("admin");
    BOOST_TEST_REQUIRE(admins.size() == 2U);
    BOOST_TEST((admins[0] == std::pair(std::uint64_t{3}, local(9002))));
    BOOST_TEST((admins[1] == std::pair(std::uint64_t{4}, local(9100))));
    BOOST_TEST(reader.addr_vec("web").size() == 1U);
    BOOST_TEST(reader.addr_vec("mail").empty());
    BOOST_TEST(reader.addr_vec().size() == 3U); // the first port, whatever its name
    BOOST_TEST(reader.get_addr(3).value() == local(9000));
    BOOST_TEST(reader.get_nth_addr(3, 2).value() == local(9002)); // names come last
    std::vector<net::port_type> const all{9000, 9001, 9002};
    BOOST_TEST(third.our_service_ports() == all, per_element());
    BOOST_TEST((third.our_services() == std::vector<service>{{"web", 9001}, {"admin", 9002}}));
}

BOOST_AUTO_TEST_CASE(an_instance_is_reached_by_the_names_of_its_ports)
{
    instance who;
    who.service_ports = {8042, 8043};
    who.services = {{"admin", 8043}};
    BOOST_TEST(!who.address().has_value()); // no address at all
    who.addresses = {asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1")};
    BOOST_TEST(who.address("admin").value() == local(8043));
    BOOST_TEST(who.address(std::string("admin")).value() == local(8043));
    BOOST_TEST(who.address().value() == local(8042));
    BOOST_TEST(who.address(0).value() == local(8042));
    BOOST_TEST(who.address(1).value() == local(8043));
    BOOST_TEST(!who.address(2).has_value());
    BOOST_TEST(!who.address("mail").has_value());
    BOOST_TEST(who.address<asio::ip::udp>("admin").value().port() == 8043);
    std::vector const everywhere{local(8043), endpoint(asio::ip::make_address("::1"), 8043)};
    BOOST_TEST(who.endpoints("admin") == everywhere, per_element());
    BOOST_TEST(who.endpoints(1) == everywhere, per_element());
    BOOST_TEST(who.endpoints().size() == 2U);
    BOOST_TEST(who.endpoints("mail").empty());
    BOOST_TEST(who.port("admin").value() == 8043);
    BOOST_TEST(!who.port("mail").has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_breaks_a_rule_is_in_the_message)
{
    auto config = on_loopback(3);
    config.services = {{"two words", 8042}};
    chart wrong(context.get_executor(), config);
    BOOST_CHECK_EXCEPTION(wrong.open(), boost::system::system_error, [](auto const& problem) {
        return problem.code() == error::invalid_port_name &&
               std::string_view(problem.what()).find("\"two words\"") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(data_may_be_given_as_text)
{
    std::string const text = "v3";
    std::vector<std::byte> const bytes = announce::encode(weather{"Oslo", 5});
    error_code ec;
    wait_until_found(reader, 2);
    auto const heard = [&](auto const& what) {
        told.update(what);
        while (next_about(events, 2).kind != event_kind::updated) {
        }
        return std::string(reader.find(2)->text());
    };
    BOOST_TEST(heard("v1") == "v1");
    BOOST_TEST(heard(std::string_view("v2")) == "v2");
    BOOST_TEST(heard(text) == "v3");
    told.update(bytes);
    BOOST_TEST((told.our_data() == bytes));
    told.update(std::span(bytes).first(1));
    BOOST_TEST(told.our_data().size() == 1U);
    told.update({});
    BOOST_TEST(told.our_data().empty());
    told.update(std::string(told.max_data_size(), 'x'), ec);
    BOOST_TEST(!ec.failed());
    told.update(std::string(told.max_data_size() + 1, 'x'), ec);
    BOOST_TEST(ec == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(data_is_had_as_bytes_and_as_its_type)
{
    wait_until_found(reader, 2);
    weather const expected{"Oslo", -3};
    BOOST_TEST((reader.get_data_as<weather>(2) == expected));
    BOOST_TEST((told.our_data_as<weather>().value() == expected));
    BOOST_TEST((reader.get_data(2) == announce::encode(expected)));
    BOOST_TEST((told.our_msg() == announce::encode(expected)));
    auto const all = reader.data_vec_as<weather>();
    BOOST_TEST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0] == std::pair(std::uint64_t{2}, expected)));
    BOOST_TEST(reader.data_vec_as<other_type>().empty());
    BOOST_TEST(!reader.get_data_as<other_type>(2).has_value());
    BOOST_TEST(reader.data_vec().size() == 1U);
}

BOOST_AUTO_TEST_CASE(data_of_another_type_is_counted_once_a_record_and_told_once_a_life)
{
    wait_until_found(reader, 2);
    auto quiet = reader.notify();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(reader.data_vec_as<other_type>().empty());
    BOOST_TEST(!reader.get_data_as<other_type>(2).has_value());
    auto const complaint = next_about(quiet, 2);
    BOOST_TEST(complaint.kind == event_kind::data_unreadable);
    BOOST_TEST(complaint.why == error::other_form);
    BOOST_TEST(to_string(complaint).starts_with("data_unreadable 2: typed data of another"));
    BOOST_TEST(reader.counters().unreadable == 1U);
    told.update_as(weather{"Rome", 30});
    BOOST_TEST(next_about(quiet, 2).kind == event_kind::updated);
    BOOST_TEST(reader.data_vec_as<other_type>().empty());
    BOOST_TEST(reader.counters().unreadable == 2U);
    BOOST_TEST(!quiet.try_recv().has_value());
    told.update({});
    BOOST_TEST(next_about(quiet, 2).kind == event_kind::updated);
    BOOST_TEST(reader.data_vec_as<other_type>().empty());
    BOOST_TEST(reader.counters().unreadable == 2U); // it tells nothing at all
}

BOOST_AUTO_TEST_CASE(a_reader_of_addresses_is_told_of_newcomers_in_every_form)
{
    BOOST_TEST(run(context, events.recv_instance()).id == 2U);
    auto again = reader.notify();
    auto const forms = [&](auto receive, std::uint64_t id) {
        auto config = on_loopback(id);
        config.service_ports = {7000, 7001};
        config.data = announce::encode(weather{"Rome", 30});
        chart newcomer(context.get_executor(), config);
        auto const running = maintain(newcomer);
        return run(context, receive());
    };
    BOOST_TEST(forms([&] { return again.recv_addr(); }, 10).second == local(7000));
    BOOST_TEST(forms([&] { return again.recv_nth_addr(1); }, 11).second == local(7001));
    BOOST_TEST(forms([&] { return again.recv_addresses(); }, 12).second.size() == 2U);
    auto const one = forms([&] { return again.recv_one(); }, 13);
    BOOST_TEST((one.id == 13 && one.address == local(1).address() && one.port == 7000));
    BOOST_TEST(forms([&] { return again.recv_nth(1); }, 14).port == 7001);
    auto const data = forms([&] { return again.recv_data_as<weather>(); }, 15);
    BOOST_TEST((data == std::pair(std::uint64_t{15}, weather{"Rome", 30})));
}

BOOST_AUTO_TEST_CASE(a_reader_of_addresses_passes_over_who_has_no_such_port)
{
    auto config = on_loopback(3);
    config.service_ports = {7000, 7001, 7002};
    chart third(context.get_executor(), config);
    auto const running = maintain(third);
    BOOST_TEST(run(context, events.recv_nth_addr(2)).first == 3U);
}

BOOST_AUTO_TEST_CASE(a_reader_of_addresses_is_told_that_it_was_too_slow)
{
    auto const queue = std::make_shared<detail::event_queue>(context.get_executor(), 5);
    notifications slow(context.get_executor(), queue);
    for (std::uint64_t id = 0; id < 6; ++id) {
        event newcomer;
        newcomer.who.id = id;
        queue->push(newcomer);
    }
    for (std::uint64_t id = 0; id < 5; ++id)
        BOOST_TEST_REQUIRE(run(context, slow.recv_instance()).id == id);
    BOOST_TEST(failure_of([&] { run(context, slow.recv_instance()); }) == error::events_missed);
}

BOOST_AUTO_TEST_SUITE_END()
