// SPDX-License-Identifier: BSL-1.0
#include "announce/wire_samples.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using announce::decode;
using announce::encode;
using test::bytes;
using test::sample;
namespace wire = test::wire;

namespace {

announcement with_ports(std::size_t count, std::size_t data)
{
    auto value = sample(message_type::hello);
    value.record->service_ports.assign(count, 65535);
    value.record->data.assign(data, std::byte{0xff});
    value.record->addresses.clear();
    for (std::size_t i = 0; i < announce::max_addresses; ++i)
        value.record->addresses.push_back(asio::ip::make_address("2001:db8::1"));
    return value;
}

} // namespace

BOOST_AUTO_TEST_SUITE(announce_codec)

BOOST_AUTO_TEST_CASE(every_type_reads_back_as_it_was_written)
{
    for (auto const type : test::all_types) {
        auto const written = sample(type);
        auto const datagram = encode(written, group_key("red"));
        BOOST_TEST_REQUIRE(datagram.has_value());
        auto const read = decode(*datagram, group_key("red"));
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((*read == written));
    }
}

BOOST_AUTO_TEST_CASE(the_smallest_and_the_largest_values_read_back)
{
    auto low = sample(message_type::ping);
    low.counter = 0;
    low.who = {};
    low.record = record{};
    low.record->beat_interval = std::chrono::milliseconds(250);
    low.record->discovery_port = 1;
    auto high = with_ports(64, announce::max_data_size(64));
    high.counter = high.who.id = high.who.incarnation = ~std::uint64_t{0};
    high.record->sequence = ~std::uint32_t{0};
    high.record->beat_interval = std::chrono::minutes(15);
    high.record->discovery_port = 65535;
    high.attempt = 3;
    for (auto const& value : {low, high})
        BOOST_TEST((decode(encode(value, group_key()).value(), group_key()).value() == value));
}

BOOST_AUTO_TEST_CASE(a_hello_is_these_bytes)
{
    auto const expected = test::datagram("01", {wire::identity, wire::attempt, wire::state,
                                                wire::ports, wire::ipv4, wire::ipv6, wire::data});
    auto const written = encode(sample(message_type::hello), group_key()).value();
    BOOST_TEST(test::hex(written) == test::hex(expected));
    // The tag, computed by another implementation.
    BOOST_TEST(test::hex(std::span(written).last(wire::digest_size)) ==
               "27e82dc88067dd519ebbd39fc926171e");
}

BOOST_AUTO_TEST_CASE(a_goodbye_is_these_bytes)
{
    auto const expected = test::datagram("02", {wire::identity});
    BOOST_TEST(test::hex(encode(sample(message_type::bye), group_key()).value()) ==
               test::hex(expected));
}

BOOST_AUTO_TEST_CASE(a_ping_its_answer_and_the_answer_to_a_newcomer_are_these_bytes)
{
    std::pair<message_type, char const*> const numbers[] = {
        {message_type::ping, "07"}, {message_type::ack, "08"}, {message_type::records, "0a"}};
    for (auto const& [type, number] : numbers) {
        auto const expected = test::datagram(
            number, {wire::identity, wire::state, wire::ports, wire::ipv4, wire::ipv6, wire::data});
        BOOST_TEST(test::hex(encode(sample(type), group_key()).value()) == test::hex(expected));
    }
}

BOOST_AUTO_TEST_CASE(without_addresses_there_is_no_field_for_them_and_no_ports_is_an_empty_one)
{
    auto value = sample(message_type::ping);
    value.record->addresses.clear();
    value.record->service_ports.clear();
    value.record->data.clear();
    auto const expected = test::datagram("07", {wire::identity, wire::state, "03 0000", "06 0000"});
    BOOST_TEST(test::hex(encode(value, group_key()).value()) == test::hex(expected));
}

BOOST_AUTO_TEST_CASE(a_scope_id_does_not_travel)
{
    auto value = sample(message_type::ping);
    value.record->addresses = {asio::ip::make_address("fe80::1%9")};
    auto const read = decode(encode(value, group_key()).value(), group_key()).value();
    BOOST_TEST(read.record->addresses.at(0) == asio::ip::make_address("fe80::1"));
}

BOOST_AUTO_TEST_CASE(addresses_past_the_eighth_are_left_out)
{
    auto value = with_ports(0, 0);
    for (int i = 0; i < 12; ++i)
        value.record->addresses.insert(value.record->addresses.begin(),
                                       asio::ip::make_address("10.0.0.1"));
    auto const read = decode(encode(value, group_key()).value(), group_key()).value();
    BOOST_TEST(read.record->addresses.size() == announce::max_addresses);
}

BOOST_AUTO_TEST_CASE(for_every_number_of_ports_the_most_data_fits_and_a_byte_more_does_not)
{
    for (std::size_t ports = 0; ports <= announce::max_service_ports; ++ports) {
        auto const limit = announce::max_data_size(ports);
        auto const full = encode(with_ports(ports, limit), group_key());
        BOOST_TEST_REQUIRE(full.has_value());
        BOOST_TEST(full->size() <= announce::max_datagram);
        BOOST_TEST(decode(*full, group_key()).has_value());
        BOOST_TEST(encode(with_ports(ports, limit + 1), group_key()).error() ==
                   error::data_too_large);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_datagram_of_all_has_1200_bytes)
{
    auto const most = encode(with_ports(3, announce::max_data_size(3)), group_key()).value();
    BOOST_TEST(most.size() <= 1200U);
    BOOST_TEST(most.size() >= 1200U - 3U); // an IPv4 field would need a header more
}

BOOST_AUTO_TEST_CASE(a_65th_service_port_is_too_many)
{
    BOOST_TEST(encode(with_ports(65, 0), group_key()).error() == error::too_many_ports);
}

BOOST_AUTO_TEST_CASE(another_applications_datagrams_are_foreign)
{
    auto const theirs = encode(sample(message_type::hello), group_key("red")).value();
    BOOST_TEST(decode(theirs, group_key("blue")).error() == error::foreign);
}

BOOST_AUTO_TEST_SUITE_END()
