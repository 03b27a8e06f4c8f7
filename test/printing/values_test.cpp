// SPDX-License-Identifier: BSL-1.0
#include <rollcast/fmt.hpp>
#include <rollcast/metrics_files.hpp>
#include <rollcast/testing.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <type_traits>

using namespace rollcast;
using namespace std::chrono_literals;
using asio::ip::make_address;

namespace {

std::string streamed(auto const& value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

instance nine()
{
    instance who;
    who.id = 9;
    who.addresses = {make_address("10.0.0.2"), make_address("fd00::2")};
    who.service_ports = {8042};
    return who;
}

event about(event_kind kind, instance const& who)
{
    event what;
    what.kind = kind;
    what.who = who;
    return what;
}

std::vector<std::byte> bytes(std::string_view text)
{
    auto const all = std::as_bytes(std::span(text));
    return {all.begin(), all.end()};
}

asio::ip::udp::endpoint endpoint(char const* address, unsigned short port)
{
    return {make_address(address), port};
}

} // namespace

BOOST_AUTO_TEST_SUITE(printing_values)

BOOST_AUTO_TEST_CASE(every_public_value_prints_the_same_to_text_to_a_stream_and_by_fmt)
{
    using boxes = boost::mp11::mp_transform<std::type_identity, printed_types>;
    boost::mp11::mp_for_each<boxes>([](auto box) {
        using type = typename decltype(box)::type;
        type const value{};
        std::string const text = to_string(value);
        BOOST_TEST(streamed(value) == text);
        BOOST_TEST(fmt::format("{}", value) == text);
        BOOST_TEST(fmt::format("{:>400}", value).ends_with(text));
        BOOST_TEST(fmt::format("{:>400}", value).size() >= 400U);
        bool const unspecified = std::is_same_v<type, net::network_interface>;
        BOOST_TEST(text.empty() == unspecified);
    });
}

BOOST_AUTO_TEST_CASE(an_enum_prints_its_enumerator_and_a_number_without_one_the_number)
{
    BOOST_TEST(to_string(event_kind::found) == "found");
    BOOST_TEST(to_string(instance_state::suspect) == "suspect");
    BOOST_TEST(to_string(error::invalid_port) == "invalid_port");
    BOOST_TEST(to_string(net::scope::site_local) == "site_local");
    BOOST_TEST(to_string(static_cast<net::scope>(6)) == "6");
    BOOST_TEST(to_string(metadata_mask::hop_limit | metadata_mask::receive_time) ==
               "hop_limit|receive_time");
    BOOST_TEST(fmt::format("{:>7}", event_kind::gone) == "   gone");
}

BOOST_AUTO_TEST_CASE(an_event_prints_as_the_command_prints_it)
{
    BOOST_TEST(to_string(about(event_kind::found, nine())) ==
               "found 9 at 10.0.0.2:8042, [fd00::2]:8042");
    BOOST_TEST(to_string(about(event_kind::gone, nine())) == "gone 9");
    auto down = about(event_kind::interface_failed, {});
    down.interface.name = "eth0";
    down.why = error::no_loopback_route;
    BOOST_TEST(to_string(down) == "interface_failed eth0: " + down.why.message());
    auto late = about(event_kind::overflow, {});
    late.missed = 3;
    BOOST_TEST(to_string(late) == "overflow: 3 events were missed");
}

BOOST_AUTO_TEST_CASE(data_prints_as_text_only_if_it_can_be_read)
{
    auto who = nine();
    who.addresses.resize(1);
    who.data = bytes("gr\xc3\xbc\xc3\x9f dich");
    BOOST_TEST(to_string(who) == "9 alive at 10.0.0.2:8042: gr\xc3\xbc\xc3\x9f dich");
    who.data = bytes("\x1b[2J");
    BOOST_TEST(to_string(who) == "9 alive at 10.0.0.2:8042: 4 bytes");
    who.addresses.clear();
    who.data = bytes("\xff");
    BOOST_TEST(to_string(who) == "9 alive without an address: 1 byte");
}

BOOST_AUTO_TEST_CASE(endpoints_print_with_their_scope_by_name)
{
    auto const parsed = net::parse_endpoint("[fe80::1%lo]:5000").value();
    BOOST_TEST(fmt::format("{}", parsed) == "[fe80::1%lo]:5000");
    BOOST_TEST(fmt::format("{}", parsed.address()) == "fe80::1%lo");
    asio::ip::tcp::endpoint const tcp(make_address("10.0.0.1"), 80);
    BOOST_TEST(fmt::format("{:>12}", tcp) == " 10.0.0.1:80");
    BOOST_TEST(net::to_string(tcp) == "10.0.0.1:80");
    BOOST_TEST(fmt::format("{}", asio::ip::address_v4::loopback()) == "127.0.0.1");
    BOOST_TEST(fmt::format("{}", asio::ip::address_v6::loopback()) == "::1");
}

BOOST_AUTO_TEST_CASE(what_was_sent_and_received_prints_from_where_to_where)
{
    send_report const sent{0, endpoint("239.1.1.1", 5000), endpoint("10.0.0.1", 4000), 12};
    BOOST_TEST(to_string(sent) == "12 bytes, 10.0.0.1:4000 > 239.1.1.1:5000");
    std::array<std::byte, 1> payload{};
    packet got;
    got.payload = payload;
    got.source = endpoint("10.0.0.1", 4000);
    got.group = {make_address("ff15::1"), 5000};
    got.truncated = true;
    BOOST_TEST(to_string(got) == "10.0.0.1:4000 > [ff15::1]:5000, 1 byte, truncated");
    BOOST_TEST(to_string(egress_event{egress_change::moved, "eth1", 3, {}, 2}) ==
               "moved eth1 (3), 2 missed");
    BOOST_TEST(net::to_string(net::unusable_address{make_address("fd00::1"), true}) ==
               "fd00::1, another host's, too");
    BOOST_TEST(to_string(membership_event{membership_change::lost, "eth0", 7, 0, 0}) ==
               "lost eth0 (7)");
}

BOOST_AUTO_TEST_CASE(a_struct_prints_its_fields_by_name)
{
    receive_counters counters;
    counters.packets = 7;
    BOOST_TEST(to_string(counters) ==
               "{packets: 7, bytes: 0, filtered: 0, truncated: 0, dropped: 0, errors: 0, "
               "would_block: 0, joins: 0, leaves: 0, renewals: 0}");
    chart_config config;
    config.interfaces = {"lo", "eth*"};
    auto const text = to_string(config);
    for (auto const* part : {"id: none", "interfaces: [lo, eth*]", "group_v4: 239.255.42.98",
                             "detection_time: 10 s", "shortest_digest_interval: 125 ms"})
        BOOST_TEST(text.find(part) != std::string::npos, text);
    metrics::moment when;
    when.wall_captured_at += 1500ms;
    BOOST_TEST(to_string(when).find("1970-01-01T00:00:01.500000Z") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
