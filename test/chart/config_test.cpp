// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "chart/event_queue.hpp"
#include "support/printing.hpp"

#include <rollcast/chart/chart_config.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;

namespace {

struct configured {
    chart_config config{};

    error_code verdict() const { return validate(config); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_configuration, configured)

BOOST_AUTO_TEST_CASE(the_defaults_are_right)
{
    BOOST_TEST(!verdict().failed());
    BOOST_TEST(config.group_v4->to_string() == "239.255.42.98");
    BOOST_TEST(config.group_v6->to_string() == "ff12::4298");
    BOOST_TEST(config.discovery_port == 8080);
    BOOST_TEST((config.detection_time == 10s));
}

BOOST_AUTO_TEST_CASE(one_group_is_enough_and_none_is_not)
{
    config.group_v6.reset();
    BOOST_TEST(!verdict().failed());
    config.group_v4.reset();
    BOOST_TEST(verdict() == error::not_multicast);
    config.group_v6 = default_group_v6();
    BOOST_TEST(!verdict().failed());
}

BOOST_AUTO_TEST_CASE(an_ipv4_group_has_to_be_multicast)
{
    for (auto const* wrong : {"10.0.0.1", "223.255.255.255", "240.0.0.0"}) {
        config.group_v4 = asio::ip::make_address_v4(wrong);
        BOOST_TEST(verdict() == error::not_multicast);
    }
    config.group_v4 = asio::ip::make_address_v4("224.0.1.1");
    BOOST_TEST(!verdict().failed());
}

BOOST_AUTO_TEST_CASE(an_ipv6_group_has_to_be_multicast)
{
    config.group_v6 = asio::ip::make_address_v6("fe80::1");
    BOOST_TEST(verdict() == error::not_multicast);
}

BOOST_AUTO_TEST_CASE(a_source_specific_group_is_no_meeting_place)
{
    config.group_v4 = asio::ip::make_address_v4("232.1.1.1");
    BOOST_TEST(verdict() == error::source_required);
    config.group_v4 = default_group_v4();
    config.group_v6 = asio::ip::make_address_v6("ff3e::8000:1");
    BOOST_TEST(verdict() == error::source_required);
}

BOOST_AUTO_TEST_CASE(the_discovery_port_is_not_0)
{
    config.discovery_port = 0;
    BOOST_TEST(verdict() == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(no_service_port_is_0)
{
    config.service_ports = {8000, 0, 8001};
    BOOST_TEST(verdict() == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(there_are_at_most_64_service_ports)
{
    config.service_ports.assign(64, 8000);
    BOOST_TEST(!verdict().failed());
    config.service_ports.push_back(8000);
    BOOST_TEST(verdict() == error::too_many_ports);
}

BOOST_AUTO_TEST_CASE(there_are_at_most_8_backup_ports_and_none_is_0)
{
    config.backup_ports.assign(8, 8000);
    BOOST_TEST(!verdict().failed());
    config.backup_ports.push_back(8000);
    BOOST_TEST(verdict() == error::too_many_backup_ports);
    config.backup_ports = {0};
    BOOST_TEST(verdict() == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(a_unicast_port_is_one_or_a_range_and_not_where_the_group_is_heard)
{
    BOOST_TEST(config.unicast_port.is_any());
    config.unicast_port = 40000;
    BOOST_TEST(!verdict().failed());
    config.unicast_port = {40000, 40015};
    BOOST_TEST(!verdict().failed());
    for (auto const& wrong :
         {net::port_range(40001, 40000), net::port_range(0, 40000), net::port_range(8080),
          net::port_range(8000, 9000), net::port_range(61346, 61400)}) {
        config.unicast_port = wrong;
        BOOST_TEST(verdict() == error::invalid_unicast_port);
    }
    config.unicast_port = {40001, 40000};
    auto const text = explain(config, verdict());
    BOOST_TEST(text.starts_with("40001-40000: "));
}

BOOST_AUTO_TEST_CASE(a_reader_has_room_for_all_that_everybody_may_do_unless_told_otherwise)
{
    BOOST_TEST(detail::event_capacity(config) == 4 * 4096U);
    config.max_instances = 100;
    BOOST_TEST(detail::event_capacity(config) == 1024U);
    config.max_instances = SIZE_MAX;
    BOOST_TEST(detail::event_capacity(config) > SIZE_MAX / 2);
    config.event_capacity = 7;
    BOOST_TEST(detail::event_capacity(config) == 7U);
}

BOOST_AUTO_TEST_CASE(services_have_names_of_their_own_and_ports)
{
    config.service_ports = {1, 2};
    config.services = {{"web", 8042}, {"admin", 8042}};
    BOOST_TEST(!verdict().failed());
    config.services[1].name = "web";
    BOOST_TEST(verdict() == error::duplicate_port_name);
    for (auto const* wrong : {"", "two words", "0123456789abcdefg", "\xff"}) {
        config.services[1].name = wrong;
        BOOST_TEST(verdict() == error::invalid_port_name);
    }
    config.services[1] = {"admin", 0};
    BOOST_TEST(verdict() == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(services_count_among_the_64_ports)
{
    config.service_ports.assign(63, 8000);
    config.services = {{"a", 1}};
    BOOST_TEST(!verdict().failed());
    config.services.push_back({"b", 2});
    BOOST_TEST(verdict() == error::too_many_ports);
}

BOOST_AUTO_TEST_CASE(the_names_of_services_take_room_from_the_data)
{
    auto const unnamed = max_data_size(config);
    config.services = {{"http", 8042}};
    BOOST_TEST(max_data_size(config) == unnamed - 2 - 3 - 5);
    config.data.resize(max_data_size(config));
    BOOST_TEST(!verdict().failed());
    config.data.emplace_back();
    BOOST_TEST(verdict() == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(digest_intervals_are_20_ms_to_an_hour_in_their_order)
{
    using pair = std::pair<std::chrono::milliseconds, std::chrono::milliseconds>;
    for (auto const& [shortest, longest] : {pair{20ms, 20ms}, pair{1s, 1h}}) {
        config.shortest_digest_interval = shortest;
        config.longest_digest_interval = longest;
        BOOST_TEST(!verdict().failed());
    }
    for (auto const& [shortest, longest] : {pair{19ms, 1s}, pair{2s, 1s}, pair{1s, 1h + 1ms}}) {
        config.shortest_digest_interval = shortest;
        config.longest_digest_interval = longest;
        BOOST_TEST(verdict() == error::invalid_digest_interval);
    }
}

BOOST_AUTO_TEST_CASE(the_data_fits_into_a_record)
{
    config.service_ports = {1, 2, 3};
    config.data.resize(announce::max_data_size(3));
    BOOST_TEST(!verdict().failed());
    config.data.emplace_back();
    BOOST_TEST(verdict() == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(the_detection_time_is_a_second_to_an_hour)
{
    for (auto const wrong : std::vector<std::chrono::milliseconds>{0ms, -1s, 999ms, 1h + 1ms}) {
        config.detection_time = wrong;
        BOOST_TEST(verdict() == error::invalid_detection_time);
    }
    for (auto const right : std::vector<std::chrono::milliseconds>{1s, 1h}) {
        config.detection_time = right;
        BOOST_TEST(!verdict().failed());
    }
}

BOOST_AUTO_TEST_CASE(the_hop_limit_is_0_to_255)
{
    for (int const wrong : {-1, 256}) {
        config.hop_limit = wrong;
        BOOST_TEST(verdict() == error::invalid_hop_limit);
    }
    for (int const right : {0, 255}) {
        config.hop_limit = right;
        BOOST_TEST(!verdict().failed());
    }
}

BOOST_AUTO_TEST_CASE(every_interface_named_exists)
{
    config.interfaces = {"lo", "no-such-interface"};
    BOOST_TEST(verdict() == error::unknown_interface);
    config.interfaces = {"lo", "may-come-later*"};
    BOOST_TEST(!verdict().failed());
}

BOOST_AUTO_TEST_SUITE_END()
